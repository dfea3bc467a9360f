import { evaluationRange, nextState } from "../../../laptop/cloudwatch/alarm-state";
import type { ComparisonOperator, MissingData } from "../../../laptop/cloudwatch/alarms";

const TREATMENTS: MissingData[] = ["missing", "ignore", "breaching", "notBreaching"];

/** As CloudWatch's documentation writes data points: 0 is not breaching, X is, - is missing. */
const datapointsIn = (text: string) =>
  (text.match(/\S/g) ?? []).map((each) => (each === "-" ? undefined : each === "X" ? 10 : 0));

const alarm = {
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  comparisonOperator: "GreaterThanThreshold" as ComparisonOperator,
  threshold: 5,
  treatMissingData: "missing" as MissingData,
};
const statesOf = (datapointsToAlarm: number, text: string) =>
  TREATMENTS.map((treatMissingData) => {
    const rules = { ...alarm, datapointsToAlarm, treatMissingData };
    return nextState(datapointsIn(text), rules).state ?? "retained";
  });

const NO_DATA = "INSUFFICIENT_DATA";

describe("an alarm's next state", () => {
  it.each([
    ["0 - X - X", "OK", "OK", "OK", "OK"],
    ["- - - - 0", "OK", "OK", "OK", "OK"],
    ["- - - - -", NO_DATA, "retained", "ALARM", "OK"],
    ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - X - -", "ALARM", "retained", "ALARM", "OK"],
    // From the text below the table: no alarm yet.
    ["- - - - X", "OK", "OK", "ALARM", "OK"],
    ["- - - X -", "OK", "OK", "ALARM", "OK"],
  ])("is what CloudWatch documents for 3 of 3 and %s", (text, ...states) => {
    expect(statesOf(3, text)).toEqual(states);
  });

  it.each([
    ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 - X - -", "OK", "OK", "ALARM", "OK"],
    ["- - - - 0", "OK", "OK", "ALARM", "OK"],
    ["- - - X -", "ALARM", "retained", "ALARM", "OK"],
  ])("is what CloudWatch documents for 2 of 3 and %s", (text, ...states) => {
    expect(statesOf(2, text)).toEqual(states);
  });

  it.each([
    ["", "retained", "retained", "retained", "retained"],
    ["-", NO_DATA, "retained", "OK", "OK"],
    ["- -", NO_DATA, "retained", "ALARM", "OK"],
    ["X", "OK", "OK", "OK", "OK"],
    ["X X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0", "OK", "OK", "OK", "OK"],
  ])("counts no periods before the stack's start: 2 of 3 and %s", (text, ...states) => {
    expect(statesOf(2, text)).toEqual(states);
  });

  it.each([
    ["GreaterThanOrEqualToThreshold", [4, 5, 6], ["OK", "ALARM", "ALARM"]],
    ["GreaterThanThreshold", [4, 5, 6], ["OK", "OK", "ALARM"]],
    ["LessThanThreshold", [4, 5, 6], ["ALARM", "OK", "OK"]],
    ["LessThanOrEqualToThreshold", [4, 5, 6], ["ALARM", "ALARM", "OK"]],
  ] as const)("compares by %s", (comparisonOperator, values, states) => {
    const rules = { ...alarm, comparisonOperator, evaluationPeriods: 1, datapointsToAlarm: 1 };
    expect(values.map((value) => nextState([value], rules).state)).toEqual(states);
  });

  it("has a reason with the values, what is missing, and the threshold", () => {
    const rules = { ...alarm, treatMissingData: "breaching" as const };
    expect(nextState([undefined, 1 / 3, undefined, 7, undefined], rules).reason).toBe(
      "data points 0.333333, 7, 1 missing (treated as breaching); alarms at 3 above 5",
    );
    expect(nextState([undefined], rules).reason).toBe(
      "no data points, 1 missing (treated as breaching); alarms at 3 above 5",
    );
  });

  it("is of a range of some periods more than are evaluated", () => {
    expect(evaluationRange({ evaluationPeriods: 3 })).toBe(5);
  });
});
