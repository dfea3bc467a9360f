import { type Datapoint, evaluationRange } from "./alarm-state";
import type { AlarmDefinition, MetricQuery } from "./alarms";
import { parseExpression } from "./metric-math";
import type { Metrics } from "./metrics";

/** The value of one period, which is from `from` until before `to`. */
type Take = (from: number, to: number) => Datapoint;

/**
 * Of an alarm's evaluation range, the oldest first: the periods that have ended by `now`, and that had not begun
 * before `startedAt`. Periods begin at multiples of their length, as in CloudWatch. Milliseconds since 1970.
 */
export function datapointsOf(
  alarm: AlarmDefinition,
  metrics: Metrics,
  { startedAt, now }: { startedAt: number; now: number },
): Datapoint[] {
  const { source } = alarm;
  const take: Take =
    "queries" in source
      ? queried(source.queries, metrics)
      : (from, to) => metrics.statistic(source.metric, source.stat, from, to);
  const period = alarm.periodSeconds * 1000;
  const end = Math.floor(now / period) * period;
  const range = evaluationRange(alarm);
  const begins = Array.from({ length: range }, (_, i) => end - (range - i) * period);
  return begins.filter((from) => from >= startedAt).map((from) => take(from, from + period));
}

/** Throws a sentence for an expression that the laptop does not know, and for an id that there is not. */
export function checkQueries(queries: readonly MetricQuery[]): void {
  queried(queries, { put: () => undefined, statistic: () => undefined })(0, 0);
}

/** The value of the one query that returns data. */
function queried(queries: readonly MetricQuery[], metrics: Metrics): Take {
  const returned = queries.filter(({ returnData }) => returnData);
  const [result] = returned;
  if (!result || returned.length > 1) throw new Error("exactly one of its queries returns data");
  return valuesOf(queries, metrics)(result.id);
}

/** The values of each query, by its id. Throws as checkQueries does. */
export function valuesOf(queries: readonly MetricQuery[], metrics: Metrics): (id: string) => Take {
  const metricIds = queries.flatMap((query) => ("metricStat" in query ? [query.id] : []));
  const expressions = new Map(
    queries.map((query) => [
      query.id,
      "expression" in query ? parseExpression(query.expression) : query.metricStat,
    ]),
  );
  return (result) => (from, to) => {
    const valueOf = (id: string, within: readonly string[]): Datapoint => {
      const found = expressions.get(id);
      if (!found) throw new Error(`${id} is no id of its queries`);
      if (within.includes(id)) throw new Error(`the expression of ${id} refers to itself`);
      if (typeof found !== "function") return metrics.statistic(found.metric, found.stat, from, to);
      return found((other) => valueOf(other, [...within, id]), metricIds);
    };
    return valueOf(result, []);
  };
}
