import { dropOldest } from "../drop-oldest";

/** What identifies a metric in CloudWatch. */
export interface MetricId {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

/** CloudWatch's metrics, of this stack's lifetime, in memory. Times in milliseconds since 1970. */
export interface Metrics {
  put(id: MetricId, value: number, at: number): void;
  /**
   * Of the values from `from` until before `to`: `stat` in CloudWatch's words (Sum, Average, Minimum, Maximum,
   * SampleCount, p0 to p100). Undefined where there are none.
   */
  statistic(id: MetricId, stat: string, from: number, to: number): number | undefined;
}

/** Of each metric, seconds in which it had a value. CloudWatch keeps what is finer than a minute for three hours. */
const KEPT_SECONDS = 3 * 60 * 60;
/** The metric that has been without a value for longest is forgotten for one more. */
const KEPT_METRICS = 1000;
/** Of each second; a percentile is taken of these alone. */
const KEPT_VALUES = 100;

/** The values of one second. */
interface Second {
  at: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** The first of them. */
  values: number[];
}

/**
 * Keeps 1,000 metrics, of each the last 10,800 seconds that had values, and of each second 100 values for
 * percentiles; other statistics are of all values. A value belongs to the whole second that it is put for.
 */
export function makeMetrics(): Metrics {
  // In the order of their last values.
  const metrics = new Map<string, Map<number, Second>>();
  return {
    put(id, value, at) {
      const key = keyOf(id);
      const seconds = metrics.get(key) ?? new Map<number, Second>();
      metrics.delete(key);
      metrics.set(key, seconds);
      add(seconds, value, at);
      dropOldest(metrics, KEPT_METRICS);
      dropOldest(seconds, KEPT_SECONDS);
    },
    statistic(id, stat, from, to) {
      const aggregate = parseStatistic(stat);
      return aggregate(
        secondsWithin(metrics.get(keyOf(id)) ?? new Map<number, Second>(), from, to),
      );
    },
  };
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

function add(seconds: Map<number, Second>, value: number, time: number): void {
  const at = Math.floor(time / 1000) * 1000;
  const second = seconds.get(at);
  if (!second) {
    seconds.set(at, { at, count: 1, sum: value, minimum: value, maximum: value, values: [value] });
    return;
  }
  second.count += 1;
  second.sum += value;
  second.minimum = Math.min(second.minimum, value);
  second.maximum = Math.max(second.maximum, value);
  if (second.values.length < KEPT_VALUES) second.values.push(value);
}

/** Looks for each second of a short time, instead of at all that are kept. */
function secondsWithin(seconds: ReadonlyMap<number, Second>, from: number, to: number): Second[] {
  if (to - from > KEPT_SECONDS * 1000) {
    return [...seconds.values()].filter(({ at }) => at >= from && at < to);
  }
  const within: Second[] = [];
  for (let at = Math.ceil(from / 1000) * 1000; at < to; at += 1000) {
    const second = seconds.get(at);
    if (second) within.push(second);
  }
  return within;
}

type Aggregate = (seconds: readonly Second[]) => number | undefined;

const sumOf = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0);
const countIn = (seconds: readonly Second[]) => sumOf(seconds.map(({ count }) => count));
const sumIn = (seconds: readonly Second[]) => sumOf(seconds.map(({ sum }) => sum));

const STATISTICS: Record<string, (seconds: readonly Second[]) => number> = {
  Sum: sumIn,
  Average: (seconds) => sumIn(seconds) / countIn(seconds),
  Minimum: (seconds) => Math.min(...seconds.map(({ minimum }) => minimum)),
  Maximum: (seconds) => Math.max(...seconds.map(({ maximum }) => maximum)),
  SampleCount: countIn,
};

/** Throws a sentence for a statistic that the laptop does not know. */
export function parseStatistic(stat: string): Aggregate {
  const percent = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(stat)?.[1];
  const isPercentile = percent !== undefined && Number(percent) <= 100;
  const ofSome = isPercentile
    ? (seconds: readonly Second[]) => percentile(seconds, Number(percent) / 100)
    : Object.hasOwn(STATISTICS, stat) && STATISTICS[stat];
  if (!ofSome) {
    const known = Object.keys(STATISTICS).join(", ");
    throw new Error(`the laptop does not know the statistic ${stat}, only ${known} and p0 to p100`);
  }
  return (seconds) => (seconds.length === 0 ? undefined : ofSome(seconds));
}

/** Interpolated between the two values next to it. */
function percentile(seconds: readonly Second[], part: number): number {
  const sorted = seconds.flatMap(({ values }) => values).sort((one, other) => one - other);
  const rank = part * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? 0;
  return below + (rank - Math.floor(rank)) * (above - below);
}
