import {
  array,
  boolean,
  defaulted,
  enums,
  type Infer,
  min,
  number,
  object,
  optional,
  string,
} from "superstruct";
import { answered, type Answers, reading, refused } from "../aws-answer";
import type { MetricQuery } from "./alarms";
import { valuesOf } from "./datapoints";
import { type Metrics, parseStatistic } from "./metrics";

/** What CloudWatch gives at once. */
const MAX_DATAPOINTS = 100_800;
const INVALID = "ValidationException";

const queryStruct = object({
  Id: string(),
  Label: optional(string()),
  ReturnData: defaulted(boolean(), true),
  Expression: optional(string()),
  /** Of an expression: that of its metrics, whatever it says. */
  Period: optional(number()),
  MetricStat: optional(
    object({
      Metric: object({
        Namespace: string(),
        MetricName: string(),
        Dimensions: defaulted(array(object({ Name: string(), Value: string() })), []),
      }),
      Period: min(number(), 1),
      Stat: string(),
      Unit: optional(string()),
    }),
  ),
});

const dataStruct = object({
  MetricDataQueries: array(queryStruct),
  /** Seconds since 1970. */
  StartTime: number(),
  EndTime: number(),
  ScanBy: defaulted(
    enums(["TimestampDescending", "TimestampAscending"]),
    "TimestampDescending" as const,
  ),
  MaxDatapoints: defaulted(number(), MAX_DATAPOINTS),
});

/** GetMetricData: metrics, and of metric math what alarms know of it. All data points come in one answer. */
export function metricDataAnswer(metrics: Metrics): Answers["cloudwatch"][string] {
  return reading(dataStruct, INVALID, (request) => {
    const queries = request.MetricDataQueries.map(queryOf);
    const known = queries.filter((query) => query !== undefined);
    if (known.length < queries.length) {
      return refused(INVALID, "each query has either a MetricStat or an Expression");
    }
    const periods = known.map((query) => periodOf(query, known));
    const length = (request.EndTime - request.StartTime) / Math.min(...periods);
    if (length * known.length > Math.min(request.MaxDatapoints, MAX_DATAPOINTS)) {
      return refused(
        INVALID,
        `the laptop gives ${MAX_DATAPOINTS} data points at most, in one answer`,
      );
    }
    try {
      return answered({ MetricDataResults: results(known, request, metrics), Messages: [] });
    } catch (error) {
      return refused(INVALID, (error as Error).message);
    }
  });
}

function queryOf(query: Infer<typeof queryStruct>): MetricQuery | undefined {
  const {
    Id: id,
    Label: label,
    ReturnData: returnData,
    Expression: expression,
    MetricStat,
  } = query;
  if ((expression === undefined) === (MetricStat === undefined)) return undefined;
  if (!MetricStat) return { id, label, returnData, expression: expression ?? "" };
  const { Metric, Period: periodSeconds, Stat: stat } = MetricStat;
  const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const metric = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions };
  return { id, label, returnData, metricStat: { metric, stat, periodSeconds } };
}

/** Of an expression it is the longest of all metrics. */
function periodOf(query: MetricQuery, queries: readonly MetricQuery[]): number {
  if ("metricStat" in query) return query.metricStat.periodSeconds;
  return Math.max(
    1,
    ...queries.flatMap((each) => ("metricStat" in each ? [each.metricStat.periodSeconds] : [])),
  );
}

function results(
  queries: readonly MetricQuery[],
  { StartTime, EndTime, ScanBy }: Infer<typeof dataStruct>,
  metrics: Metrics,
) {
  for (const query of queries) if ("metricStat" in query) parseStatistic(query.metricStat.stat);
  const values = valuesOf(queries, metrics);
  const returned = queries.filter(({ returnData }) => returnData);
  return returned.map((query) => {
    const period = periodOf(query, queries);
    const take = values(query.id);
    const begin = Math.floor(StartTime / period);
    const points = Array.from({ length: Math.ceil(EndTime / period) - begin }, (_, i) => {
      const at = (begin + i) * period;
      return { at, value: take(at * 1000, (at + period) * 1000) };
    }).filter(({ value }) => value !== undefined);
    if (ScanBy === "TimestampDescending") points.reverse();
    return {
      Id: query.id,
      Label: query.label ?? ("metricStat" in query ? query.metricStat.metric.name : query.id),
      Timestamps: points.map(({ at }) => at),
      Values: points.map(({ value }) => value),
      StatusCode: "Complete",
    };
  });
}
