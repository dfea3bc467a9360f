import { makeAlarmRegistry } from "../../../laptop/cloudwatch/alarm-registry";
import type { AlarmDefinition, AlarmStateValue } from "../../../laptop/cloudwatch/alarms";
import { makeMetrics, type MetricId } from "../../../laptop/cloudwatch/metrics";

const metric: MetricId = { namespace: "shop", name: "Late", dimensions: {} };
const alarm: AlarmDefinition = {
  name: "late",
  arn: "arn",
  description: "",
  source: { metric, stat: "Maximum", periodSeconds: 60 },
  periodSeconds: 60,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  treatMissingData: "breaching",
  actionsEnabled: true,
  actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
};
const MINUTE = 60_000;

beforeEach(() => {
  // 12:00:30
  jest.useFakeTimers({ now: new Date("2026-01-01T12:00:30Z") });
});
afterEach(() => jest.useRealTimers());

function setUp(isEvaluated = true) {
  const metrics = makeMetrics();
  const registry = makeAlarmRegistry(metrics);
  const changes: string[] = [];
  const onStateChange = ({ state }: { state: AlarmStateValue }, previous: AlarmStateValue) => {
    changes.push(`${new Date().toISOString().slice(11, 19)} ${previous} ${state}`);
    return Promise.resolve();
  };
  registry.register(alarm, onStateChange, isEvaluated);
  const put = (value: number) => metrics.put(metric, value, Date.now());
  return { registry, changes, put };
}

describe("the evaluation of an alarm", () => {
  it("comes a little after the end of each period, and reports changes only", async () => {
    const { registry, changes, put } = setUp();
    registry.begin();
    // Each at half past: the first is in a period that began before the stack had started.
    for (const value of [9, 9, 9, 9, 1, 1]) {
      put(value);
      jest.advanceTimersByTime(MINUTE);
    }
    expect(changes).toEqual([
      "12:02:01 INSUFFICIENT_DATA OK",
      "12:03:01 OK ALARM",
      "12:05:01 ALARM OK",
    ]);
    await registry.stop();
    jest.advanceTimersByTime(10 * MINUTE);
    expect(changes).toHaveLength(3);
  });

  it("takes no period for missing that began before the stack had started", () => {
    const { registry, changes } = setUp();
    registry.begin();
    jest.advanceTimersByTime(4 * MINUTE);
    // 12:01 and 12:02 are missing, which is treated as breaching.
    expect(changes).toEqual(["12:02:01 INSUFFICIENT_DATA OK", "12:03:01 OK ALARM"]);
  });

  it("does not come before the stack has started, nor for a metric that is not known", () => {
    const notBegun = setUp();
    jest.advanceTimersByTime(5 * MINUTE);
    const unknown = setUp(false);
    unknown.registry.begin();
    jest.advanceTimersByTime(5 * MINUTE);
    expect([...notBegun.changes, ...unknown.changes]).toEqual([]);
    expect(unknown.registry.all()).toMatchObject([
      { name: "late", state: "INSUFFICIENT_DATA", reason: "Unchecked: Initial alarm creation" },
    ]);
  });

  it("leaves state, reason and time for whoever asks", () => {
    const { registry, put } = setUp();
    registry.begin();
    for (const value of [9, 9, 9]) {
      put(value);
      jest.advanceTimersByTime(MINUTE);
    }
    expect(registry.all()).toMatchObject([
      {
        state: "ALARM",
        reason: "data points 9, 9; alarms at 2 above 5",
        stateUpdatedAt: new Date("2026-01-01T12:03:01Z").getTime(),
      },
    ]);
  });
});
