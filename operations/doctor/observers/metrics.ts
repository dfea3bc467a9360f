import {
  type CloudWatchClient,
  type MetricDataQuery,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import { METRIC_NAMESPACE, type MetricName, STACK_DIMENSION } from "../../../handlers/metrics";
import { entriesOf, type FunctionName, type Stack } from "../../target/stack";
import type { FunctionMetrics, MetricsSeen } from "../observations";

type Stat = "Sum" | "Maximum" | "SampleCount";

/** A statistic over the last `seconds`; undefined where there are no values. */
interface MetricQuery {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  stat: Stat;
  seconds: number;
}

const MINUTES_5 = 300;
const HOUR = 3_600;
const DAY = 86_400;

const COUNTED = ["Invocations", "Errors", "Throttles"];

export async function seeMetrics(
  client: CloudWatchClient,
  stack: Stack,
  now: Date,
): Promise<MetricsSeen> {
  const functions = entriesOf(stack.outputs.functionNames);
  const queries = [
    oldestMessage(stack),
    own(stack, "UndosFailed", "Sum", DAY),
    own(stack, "OverdueOrders", "SampleCount", MINUTES_5),
    ...functions.flatMap(([, name]) => COUNTED.map((metric) => ofFunction(name, metric))),
  ];
  const values = await readMetrics(client, queries, now);
  const [oldestMessageSeconds, undosFailed, reconcilerReports, ...counts] = values;
  const countsOf = functions.map(([name], i): [FunctionName, FunctionMetrics] => {
    const [invocations, errors, throttles] = counts.slice(i * COUNTED.length);
    return [name, { invocations, errors, throttles }];
  });
  return {
    oldestMessageSeconds,
    undosFailed,
    reconcilerReports,
    functions: Object.fromEntries(countsOf),
  };
}

function own({ name }: Stack, metric: MetricName, stat: Stat, seconds: number): MetricQuery {
  const dimensions = { [STACK_DIMENSION]: name };
  return { namespace: METRIC_NAMESPACE, name: metric, dimensions, stat, seconds };
}

function ofFunction(FunctionName: string, name: string): MetricQuery {
  const dimensions = { FunctionName };
  return { namespace: "AWS/Lambda", name, dimensions, stat: "Sum", seconds: HOUR };
}

function oldestMessage({ outputs: { queueUrl } }: Stack): MetricQuery {
  return {
    namespace: "AWS/SQS",
    name: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queueUrl.slice(queueUrl.lastIndexOf("/") + 1) },
    stat: "Maximum",
    seconds: MINUTES_5,
  };
}

/** In the order of the queries. */
async function readMetrics(
  client: CloudWatchClient,
  queries: MetricQuery[],
  now: Date,
): Promise<(number | undefined)[]> {
  const values = queries.map((): number[] => []);
  const longest = Math.max(...queries.map(({ seconds }) => seconds));
  const query = {
    MetricDataQueries: queries.map(dataQuery),
    StartTime: startOf(longest, now),
    EndTime: now,
  };
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, query)) {
    for (const { Id = "", Timestamps = [], Values = [] } of MetricDataResults) {
      const i = Number(Id.slice(1));
      const from = startOf(queries[i]?.seconds ?? 0, now);
      values[i]?.push(...Values.filter((_, at) => (Timestamps[at] ?? now) >= from));
    }
  }
  return values.map((each, i) => together(each, queries[i]?.stat));
}

/** A period of 60 seconds begins with a minute. */
function startOf(seconds: number, now: Date): Date {
  return new Date(Math.floor((now.getTime() - seconds * 1000) / 60_000) * 60_000);
}

function dataQuery({ namespace, name, dimensions, stat }: MetricQuery, i: number): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  return { Id: `m${i}`, MetricStat: { Metric, Period: 60, Stat: stat } };
}

function together(values: number[], stat: Stat | undefined): number | undefined {
  if (values.length === 0) return undefined;
  return stat === "Maximum" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}
