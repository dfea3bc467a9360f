import type { Alarm, AlarmRule, Statistic } from "./alarm";
import type { Metric } from "./metrics";

export const ONCE_IN_FIVE_MINUTES: AlarmRule = {
  periodSeconds: 300,
  datapoints: [1, 1],
  when: ">",
  threshold: 0,
  missing: "notBreaching",
};
export const THREE_OF_FIVE_MINUTES: AlarmRule = {
  ...ONCE_IN_FIVE_MINUTES,
  periodSeconds: 60,
  datapoints: [3, 5],
};
export const FIVE_MINUTES: AlarmRule = { ...THREE_OF_FIVE_MINUTES, datapoints: [5, 5] };
export const FIFTEEN_MINUTES: AlarmRule = { ...ONCE_IN_FIVE_MINUTES, datapoints: [3, 3] };

export function alarm(
  name: string,
  customers: string,
  rest: AlarmRule & Pick<Alarm, "of">,
  section = name,
): Alarm {
  return { name, section, customers, ...rest };
}

export function sum(metric: Metric): Statistic {
  return { metric, statistic: "Sum" };
}

export function maximum(metric: Metric): Statistic {
  return { metric, statistic: "Maximum" };
}

/** Filled, since most of these metrics have data only when something is wrong. */
export function sumOf(metrics: Record<string, Metric>): Alarm["of"] {
  const ids = Object.keys(metrics);
  return {
    expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "),
    statistics: Object.fromEntries(Object.entries(metrics).map(([id, each]) => [id, sum(each)])),
  };
}
