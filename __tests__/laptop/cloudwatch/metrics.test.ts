import { makeMetrics, type MetricId } from "../../../laptop/cloudwatch/metrics";

const id = (name: string): MetricId => ({ namespace: "n", name, dimensions: { a: "1", b: "2" } });
const SECOND = 1000;

describe("CloudWatch's metrics", () => {
  it.each([
    ["Sum", 10],
    ["Average", 2.5],
    ["Minimum", 1],
    ["Maximum", 4],
    ["SampleCount", 4],
    ["p0", 1],
    ["p50", 2.5],
    ["p99.9", 3.997],
    ["p100", 4],
  ])("give %s of the values of a time", (stat, expected) => {
    const metrics = makeMetrics();
    for (const value of [4, 1, 3, 2]) metrics.put(id("m"), value, value * SECOND);
    metrics.put(id("m"), 100, 0);
    metrics.put(id("m"), 100, 5 * SECOND);
    metrics.put(id("other"), 100, 2 * SECOND);
    expect(metrics.statistic(id("m"), stat, SECOND, 5 * SECOND)).toBeCloseTo(expected, 9);
    expect(metrics.statistic(id("m"), stat, 6 * SECOND, 9 * SECOND)).toBeUndefined();
    expect(metrics.statistic(id("none"), stat, 0, 9 * SECOND)).toBeUndefined();
  });

  it("tell a metric by its dimensions, in whichever order", () => {
    const metrics = makeMetrics();
    metrics.put({ namespace: "n", name: "m", dimensions: { b: "2", a: "1" } }, 7, 0);
    metrics.put({ namespace: "n", name: "m", dimensions: { a: "1" } }, 9, 0);
    expect(metrics.statistic(id("m"), "Sum", 0, SECOND)).toBe(7);
  });

  it("keep all values of a second in sums, and the first hundred in percentiles", () => {
    const metrics = makeMetrics();
    for (let value = 1; value <= 300; value += 1) metrics.put(id("m"), value, 500);
    const statistic = (stat: string) => metrics.statistic(id("m"), stat, 0, SECOND);
    expect([statistic("SampleCount"), statistic("Maximum"), statistic("p100")]).toEqual([
      300, 300, 100,
    ]);
  });

  it("forget the oldest second, and the metric that has been silent for longest", () => {
    const metrics = makeMetrics();
    for (let second = 0; second <= 10_800; second += 1) metrics.put(id("m"), 1, second * SECOND);
    expect(metrics.statistic(id("m"), "SampleCount", 0, Infinity)).toBe(10_800);
    expect(metrics.statistic(id("m"), "SampleCount", 0, SECOND)).toBeUndefined();
    metrics.put(id("silent"), 1, 0);
    metrics.put(id("m"), 1, 0);
    for (let i = 0; i < 999; i += 1) metrics.put(id(`m${i}`), 1, 0);
    expect(metrics.statistic(id("silent"), "Sum", 0, SECOND)).toBeUndefined();
    expect(metrics.statistic(id("m0"), "Sum", 0, SECOND)).toBe(1);
    expect(metrics.statistic(id("m"), "SampleCount", 0, Infinity)).toBe(10_800);
  });

  it.each(["Median", "p101", "p", "tm90", "toString"])("do not know the statistic %s", (stat) => {
    expect(() => makeMetrics().statistic(id("m"), stat, 0, 1)).toThrow(
      `the laptop does not know the statistic ${stat}`,
    );
  });
});
