import type * as aws from "@pulumi/aws";
import type { Metric } from "./metrics";

/** A metric with one of CloudWatch's statistics: Sum, Average, Maximum, SampleCount, p99 … */
export interface Statistic {
  metric: Metric;
  statistic: string;
}

/** Metric math over statistics, by their ids. */
export interface Expression {
  expression: string;
  statistics: Record<string, Statistic>;
}

export interface AlarmRule {
  periodSeconds: number;
  /** How many of how many periods must be beyond the threshold. */
  datapoints: [breaching: number, evaluated: number];
  when: ">" | ">=" | "<";
  threshold: number;
  /** What a period without data counts as; "ignore" keeps the state. */
  missing: "ignore" | "breaching" | "notBreaching";
}

export interface Alarm extends AlarmRule {
  /** Follows the stack's name in the alarm's. */
  name: string;
  /** The heading in docs/runbook.md. */
  section: string;
  /** What it means for customers, in one sentence. */
  customers: string;
  of: Statistic | Expression;
}

const COMPARISON = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
};

/** While nothing has run in a new stack, silence says nothing. */
const WARM_UP_MINUTES = 10;

/** What CloudWatch is to evaluate, without names and actions. */
export function evaluationOf(alarm: Alarm): Partial<aws.cloudwatch.MetricAlarmArgs> {
  const [datapointsToAlarm, evaluationPeriods] = alarm.datapoints;
  return {
    ...sourceOf(alarm),
    datapointsToAlarm,
    evaluationPeriods,
    threshold: alarm.threshold,
    treatMissingData: alarm.missing,
    ...(alarm.missing === "breaching" && {
      warmUpConfiguration: { warmUpPeriodDurationInMinutes: WARM_UP_MINUTES },
    }),
  };
}

export function comparisonOf({ when }: Alarm): string {
  return COMPARISON[when];
}

function sourceOf({ of, periodSeconds: period }: Alarm): Partial<aws.cloudwatch.MetricAlarmArgs> {
  if ("metric" in of) {
    const { namespace, name: metricName, dimensions } = of.metric;
    const { statistic } = of;
    const percentile = statistic.startsWith("p");
    const by = percentile ? { extendedStatistic: statistic } : { statistic };
    return { namespace, metricName, dimensions, period, ...by };
  }
  const metrics = Object.entries(of.statistics).map(([id, { metric, statistic: stat }]) => {
    const { namespace, name: metricName, dimensions } = metric;
    return { id, metric: { namespace, metricName, dimensions, period, stat } };
  });
  const result = { id: "result", expression: of.expression, returnData: true };
  return { metricQueries: [result, ...metrics] };
}
