import { parseExpression } from "../../../laptop/cloudwatch/metric-math";

const values: Record<string, number | undefined> = { m1: 6, m2: 3, none: undefined, e_1: 2 };
const evaluate = (text: string) => parseExpression(text)((id) => values[id], ["m1", "m2", "none"]);

describe("metric math", () => {
  it.each([
    ["m1", 6],
    [" 1.5 ", 1.5],
    ["m1 + m2 * 2", 12],
    ["(m1 + m2) * 2", 18],
    ["m1 - m2 - 1", 2],
    ["m1 / m2 / e_1", 1],
    ["-m1 + -(2 - 3)", -5],
    ["100 * m2 / (m1 + m2)", 100 / 3],
    ["FILL(none, 0) + m1", 6],
    ["FILL(m1, 0)", 6],
    ["FILL(none, -1)", -1],
    ["FILL(m1 + none, 4)", 4],
    ["SUM([m1, m2, none])", 9],
    ["SUM([FILL(none, 2), m1])", 8],
    ["SUM(METRICS())", 9],
  ])("takes %s for a number", (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  it.each(["none", "m1 + none", "-none", "SUM([none])", "m1 / 0", "m1 / (m2 - 3)"])(
    "has no data point for %s",
    (text) => {
      expect(evaluate(text)).toBeUndefined();
    },
  );

  it.each([
    ["IF(m1 > 1, 1, 0)", "IF"],
    ["m1 > 1", ">"],
    ["AVG(METRICS())", "AVG"],
    ["FILL(m1, REPEAT)", "REPEAT"],
    ['SUM(METRICS("m"))', '"'],
    ["SUM(m1)", "m1"],
    ["m1 +", "the end"],
    ["(m1", "the end"],
    ["m1 m2", "m2"],
    ["METRICS()", "METRICS"],
    ["", "the end"],
  ])("does not know %s, and says where it ends", (text, place) => {
    expect(() => parseExpression(text)).toThrow(
      new Error(`the laptop does not know the expression ${text}: it fails at ${place}`),
    );
  });
});
