import type { MetricId } from "./metrics";

export type AlarmStateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** A statistic of a metric over periods. `stat`: see Metrics. */
export interface MetricStat {
  metric: MetricId;
  stat: string;
  periodSeconds: number;
}

/** A metric, or an expression over the ids of others; one query of an alarm is compared (`returnData`). */
export type MetricQuery = { id: string; label: string | undefined; returnData: boolean } & (
  { metricStat: MetricStat } | { expression: string }
);

/** An alarm as the program has registered it, with CloudWatch's defaults in place of what was left out. */
export interface AlarmDefinition {
  name: string;
  arn: string;
  /** Empty where there is none. */
  description: string;
  /** One metric, or several that an expression takes together. */
  source: MetricStat | { queries: readonly MetricQuery[] };
  /** Of all the alarm's metrics. Fractions are possible on the laptop. */
  periodSeconds: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  comparisonOperator: ComparisonOperator;
  threshold: number;
  treatMissingData: MissingData;
  actionsEnabled: boolean;
  /** ARNs of topics. */
  actions: Readonly<Record<AlarmStateValue, readonly string[]>>;
}

export const COMPARISON_OPERATORS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
] as const;
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];

export const MISSING_DATA = ["missing", "notBreaching", "breaching", "ignore"] as const;
export type MissingData = (typeof MISSING_DATA)[number];

export interface AlarmState extends AlarmDefinition {
  state: AlarmStateValue;
  /** A sentence with the values and the threshold. */
  reason: string;
  /** When the state last changed; milliseconds since 1970. */
  stateUpdatedAt: number;
}

/** CloudWatch's alarms of this stack, each in its state of now. */
export interface Alarms {
  /** In the order of their registration. */
  all(): readonly AlarmState[];
}
