import { makeLogGroups } from "../../../laptop/cloudwatch/log-groups";
import { logMetricFilterProvider } from "../../../laptop/cloudwatch/log-metric-filter";
import type { MetricId } from "../../../laptop/cloudwatch/metrics";
import { registering } from "../../support/registering";

const TYPE = "aws:cloudwatch/logMetricFilter:LogMetricFilter";

function setUp() {
  const groups = makeLogGroups();
  groups.create("access");
  const values: { id: MetricId; value: number; at: number }[] = [];
  const put = (id: MetricId, value: number, at: number) => void values.push({ id, value, at });
  const { create } = registering({
    [TYPE]: logMetricFilterProvider({ logGroups: groups, metrics: { put } }),
  });
  const log = (entry: object) =>
    groups.write("access", { at: 7, stream: "s", message: JSON.stringify(entry) });
  return { create, log, values };
}

const inputs = (transformation: object, pattern = '{ $.status = "429" }') => ({
  name: "throttled",
  logGroupName: "access",
  pattern,
  metricTransformation: { name: "Throttled", namespace: "own", value: "1", ...transformation },
});
const id = (dimensions = {}): MetricId => ({ namespace: "own", name: "Throttled", dimensions });

describe("a metric filter", () => {
  it("counts the log events that match", async () => {
    const { create, log, values } = setUp();
    await create(TYPE, "x", inputs({ unit: "Count" }));
    for (const status of ["429", "200", "429"]) log({ status });
    expect(values).toEqual([
      { id: id(), value: 1, at: 7 },
      { id: id(), value: 1, at: 7 },
    ]);
  });

  it("puts a field's value, and its default for others", async () => {
    const { create, log, values } = setUp();
    await create(TYPE, "x", inputs({ value: "$.latency", defaultValue: "0" }));
    log({ status: "429", latency: 12 });
    log({ status: "429", latency: "no number" });
    log({ status: "200", latency: 12 });
    expect(values.map(({ value }) => value)).toEqual([12, 0]);
  });

  it("takes dimensions from fields, and nothing without them", async () => {
    const { create, log, values } = setUp();
    await create(TYPE, "x", inputs({ dimensions: { stack: "$.stack" } }));
    log({ status: "429", stack: "dev" });
    log({ status: "429" });
    expect(values).toEqual([{ id: id({ stack: "dev" }), value: 1, at: 7 }]);
  });

  it.each([
    ["of a group that is not there", { ...inputs({}), logGroupName: "x" }, "no log group x"],
    ["with another pattern", inputs({}, "{ $.status = 4* }"), "the laptop knows filter patterns"],
    [
      "with dimensions and a default",
      inputs({ dimensions: { a: "$.a" }, defaultValue: "0" }),
      "cannot have a defaultValue",
    ],
  ])("%s stops the start", async (_name, given, message) => {
    const { create } = setUp();
    await expect(create(TYPE, "x", given)).rejects.toThrow(message);
  });
});
