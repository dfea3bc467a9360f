import type { AlarmDefinition, AlarmStateValue, ComparisonOperator } from "./alarms";

/** Of one period; undefined where the metric had no value. */
export type Datapoint = number | undefined;

/** CloudWatch looks at some periods more than it evaluates, in case that some are missing: in its examples, two. */
const MORE_PERIODS = 2;

/** How many periods an evaluation takes at most. */
export function evaluationRange({
  evaluationPeriods,
}: Pick<AlarmDefinition, "evaluationPeriods">): number {
  return evaluationPeriods + MORE_PERIODS;
}

export interface Evaluation {
  /** Undefined where the alarm keeps its state. */
  state: AlarmStateValue | undefined;
  reason: string;
}

const OPERATORS: Record<
  ComparisonOperator,
  [(value: number, threshold: number) => boolean, string]
> = {
  GreaterThanOrEqualToThreshold: [(value, threshold) => value >= threshold, "at least"],
  GreaterThanThreshold: [(value, threshold) => value > threshold, "above"],
  LessThanThreshold: [(value, threshold) => value < threshold, "below"],
  LessThanOrEqualToThreshold: [(value, threshold) => value <= threshold, "at most"],
};

type Rules = Pick<
  AlarmDefinition,
  | "evaluationPeriods"
  | "datapointsToAlarm"
  | "comparisonOperator"
  | "threshold"
  | "treatMissingData"
>;

/**
 * The state that CloudWatch's rules give. `datapoints`: of the evaluation range, the oldest first; fewer where the
 * stack is younger than that. Missing data counts only where there are fewer data points than evaluation periods.
 *
 * Source: "Configuring how CloudWatch alarms treat missing data" in the CloudWatch User Guide.
 */
export function nextState(datapoints: readonly Datapoint[], alarm: Rules): Evaluation {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = alarm;
  const known = datapoints.filter((value) => value !== undefined);
  const evaluated = known.slice(-evaluationPeriods);
  const missing = Math.min(evaluationPeriods, datapoints.length) - evaluated.length;
  const breaching = evaluated.filter((value) => isBreaching(value, alarm)).length;
  const reason = reasonOf(evaluated, missing, alarm);
  const filled = breaching + (treatMissingData === "breaching" ? missing : 0);
  if (filled >= datapointsToAlarm) return { state: "ALARM", reason };
  if (missing === 0 || treatMissingData === "breaching" || treatMissingData === "notBreaching") {
    return { state: datapoints.length === 0 ? undefined : "OK", reason };
  }
  const isIgnored = treatMissingData === "ignore";
  if (known.length === 0) return { state: isIgnored ? undefined : "INSUFFICIENT_DATA", reason };
  const isAlarming = breaching === known.length && ageOfOldest(datapoints) >= datapointsToAlarm;
  if (!isAlarming) return { state: "OK", reason };
  return { state: isIgnored ? undefined : "ALARM", reason };
}

function isBreaching(value: number, { comparisonOperator, threshold }: Rules): boolean {
  return OPERATORS[comparisonOperator][0](value, threshold);
}

/** In periods: 1 for the newest. */
function ageOfOldest(datapoints: readonly Datapoint[]): number {
  return datapoints.length - datapoints.findIndex((value) => value !== undefined);
}

function reasonOf(evaluated: readonly number[], missing: number, alarm: Rules): string {
  const { comparisonOperator, threshold, datapointsToAlarm, treatMissingData } = alarm;
  const values = evaluated.map((value) => Number(value.toPrecision(6))).join(", ");
  const rest = missing > 0 ? `, ${missing} missing (treated as ${treatMissingData})` : "";
  const [, isCompared] = OPERATORS[comparisonOperator];
  return `${values === "" ? "no data points" : `data points ${values}`}${rest}; alarms at ${datapointsToAlarm} ${isCompared} ${threshold}`;
}
