import type { Account } from "../account";
import type { AlarmState, AlarmStateValue, MetricStat } from "./alarms";

/** What SNS takes. */
const MAX_SUBJECT = 100;

/** As CloudWatch has it, but with the region's id in place of its name. */
export function alarmSubject({ state, name }: AlarmState, { region }: Account): string {
  return `${state}: "${name}" in ${region}`.slice(0, MAX_SUBJECT);
}

/** The JSON text that CloudWatch publishes when an alarm has changed its state. */
export function alarmMessage(
  alarm: AlarmState,
  previousState: AlarmStateValue,
  { accountId, region }: Account,
): string {
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description === "" ? null : alarm.description,
    AWSAccountId: accountId,
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: new Date(alarm.stateUpdatedAt).toISOString().replace("Z", "+0000"),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: previousState,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: {
      ...metricsOf(alarm),
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      ComparisonOperator: alarm.comparisonOperator,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.treatMissingData,
    },
  });
}

function metricsOf({ source, periodSeconds: Period }: AlarmState): object {
  if (!("queries" in source)) return { ...metricOf(source), ...statisticOf(source.stat), Period };
  const Metrics = source.queries.map(({ id: Id, label: Label, returnData, ...query }) => {
    const common = { Id, ...(Label !== undefined && { Label }), ReturnData: returnData };
    if ("expression" in query) return { ...common, Expression: query.expression };
    const { metricStat } = query;
    return {
      ...common,
      MetricStat: { Metric: metricOf(metricStat), Period, Stat: metricStat.stat },
    };
  });
  return { Period, Metrics };
}

function metricOf({ metric }: MetricStat): object {
  const { namespace: Namespace, name: MetricName, dimensions } = metric;
  const Dimensions = Object.entries(dimensions).map(([name, value]) => ({ value, name }));
  return { MetricName, Namespace, Dimensions };
}

function statisticOf(stat: string): object {
  return stat.startsWith("p")
    ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: stat }
    : { StatisticType: "Statistic", Statistic: stat.toUpperCase() };
}
