import { array, defaulted, enums, number, object, optional, string } from "superstruct";
import { answered, type Answers, reading } from "../aws-answer";
import type { Alarms, AlarmState, MetricQuery, MetricStat } from "./alarms";
import { metricDataAnswer } from "./metric-data";
import type { MetricId, Metrics } from "./metrics";

const alarmsStruct = object({
  AlarmNames: optional(array(string())),
  AlarmNamePrefix: defaulted(string(), ""),
  StateValue: optional(enums(["OK", "ALARM", "INSUFFICIENT_DATA"])),
  AlarmTypes: optional(array(enums(["MetricAlarm"]))),
  // There are never so many that a second page were needed.
  MaxRecords: optional(number()),
});

/** Calls to CloudWatch. */
export function cloudwatchAnswers(alarms: Alarms, metrics: Metrics): Answers["cloudwatch"] {
  return {
    DescribeAlarms: reading(alarmsStruct, "ValidationException", (query) => {
      const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: state } = query;
      const found = alarms.all().filter((alarm) => {
        const isNamed = names?.includes(alarm.name) ?? alarm.name.startsWith(prefix);
        return isNamed && alarm.state === (state ?? alarm.state);
      });
      return answered({ MetricAlarms: found.map(described), CompositeAlarms: [] });
    }),
    GetMetricData: metricDataAnswer(metrics),
  };
}

function described(alarm: AlarmState) {
  const updated = alarm.stateUpdatedAt / 1000;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: updated,
    StateTransitionedTimestamp: updated,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: alarm.treatMissingData,
    ...("queries" in alarm.source
      ? { Metrics: alarm.source.queries.map(query) }
      : ofOneMetric(alarm.source)),
  };
}

function ofOneMetric({ metric, stat, periodSeconds }: MetricStat) {
  const isPercentile = stat.startsWith("p");
  return {
    ...metricOf(metric),
    Period: periodSeconds,
    ...(isPercentile ? { ExtendedStatistic: stat } : { Statistic: stat }),
  };
}

function query(one: MetricQuery) {
  const { id: Id, label: Label, returnData: ReturnData } = one;
  if ("expression" in one) return { Id, Label, ReturnData, Expression: one.expression };
  const { metric, stat: Stat, periodSeconds: Period } = one.metricStat;
  return { Id, Label, ReturnData, MetricStat: { Metric: metricOf(metric), Period, Stat } };
}

function metricOf({ namespace: Namespace, name: MetricName, dimensions }: MetricId) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace, MetricName, Dimensions };
}
