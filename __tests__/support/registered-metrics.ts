import type { Evaluated } from "./aws-mocks";
import type { NamedMetric } from "./known-metrics";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";

interface QueriedMetric {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
}

/** An alarm's inputs, as index.ts registers them. */
export interface AlarmInputs extends Partial<QueriedMetric> {
  name: string;
  alarmDescription: string;
  comparisonOperator: string;
  statistic?: string;
  extendedStatistic?: string;
  period?: number;
  datapointsToAlarm: number;
  evaluationPeriods: number;
  threshold: number;
  treatMissingData: string;
  metricQueries?: {
    id: string;
    expression?: string;
    returnData?: boolean;
    metric?: QueriedMetric & { period: number; stat: string };
  }[];
  alarmActions: string[];
  okActions: string[];
}

/** By their short names. */
export function alarmsOf({ resources }: Evaluated): Record<string, AlarmInputs> {
  const alarms = resources.filter(({ type }) => type === ALARM);
  return Object.fromEntries(
    alarms.map(({ name, inputs }) => [name, inputs as unknown as AlarmInputs]),
  );
}

export function metricsOfAlarm(alarm: AlarmInputs): NamedMetric[] {
  const queried = alarm.metricQueries?.flatMap(({ metric }) => metric ?? []);
  return (queried ?? [alarm as QueriedMetric]).map(({ namespace, metricName, dimensions }) => ({
    namespace,
    name: metricName,
    dimensions,
  }));
}

/** What CloudWatch makes of log entries. */
export function metricsOfFilters({ resources }: Evaluated): NamedMetric[] {
  const filters = resources.filter(({ type }) => type === FILTER);
  return filters.map(({ inputs }) => inputs["metricTransformation"] as NamedMetric);
}
