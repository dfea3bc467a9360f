import { METRIC_NAMESPACE, METRICS, STACK_DIMENSION } from "../../handlers/metrics";

/** A metric as an alarm or a widget names it. */
export interface NamedMetric {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

type Dimensions = string[];

/** AWS's metrics with their sets of dimensions, from the page "metrics and dimensions" of each service. */
const OF_AWS: Record<string, Record<string, Dimensions[]>> = {
  "AWS/ApiGateway": each(
    ["4XXError", "5XXError", "Count", "IntegrationLatency", "Latency"],
    [["ApiName"], ["ApiName", "Stage"]],
  ),
  "AWS/DynamoDB": {
    ...each(
      [
        "ConsumedReadCapacityUnits",
        "ConsumedWriteCapacityUnits",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
      ],
      [["TableName"], ["GlobalSecondaryIndexName", "TableName"]],
    ),
    ...each(["SystemErrors"], [["Operation", "TableName"]]),
  },
  "AWS/Lambda": each(
    ["ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"],
    [["FunctionName"], ["FunctionName", "Resource"]],
  ),
  "AWS/Logs": each(["IncomingBytes", "IncomingLogEvents"], [["LogGroupName"]]),
  "AWS/SNS": each(
    [
      "NumberOfMessagesPublished",
      "NumberOfNotificationsDelivered",
      "NumberOfNotificationsFailed",
      "NumberOfNotificationsFilteredOut",
    ],
    [["TopicName"]],
  ),
  "AWS/SQS": each(
    [
      "ApproximateAgeOfOldestMessage",
      "ApproximateNumberOfMessagesNotVisible",
      "ApproximateNumberOfMessagesVisible",
      "NumberOfEmptyReceives",
      "NumberOfMessagesDeleted",
      "NumberOfMessagesReceived",
      "NumberOfMessagesSent",
    ],
    [["QueueName"]],
  ),
  [METRIC_NAMESPACE]: each(Object.keys(METRICS), [[STACK_DIMENSION]]),
};

/** Those that nobody emits. `others` are metrics that exist besides AWS's and the functions'. */
export function unknownMetrics(metrics: NamedMetric[], others: NamedMetric[] = []): string[] {
  const known = new Set(others.map(idOf));
  return metrics.filter((metric) => !isKnown(metric) && !known.has(idOf(metric))).map(idOf);
}

function isKnown({ namespace, name, dimensions }: NamedMetric): boolean {
  const keys = Object.keys(dimensions).sort().join();
  return OF_AWS[namespace]?.[name]?.some((set) => set.join() === keys) ?? false;
}

function idOf({ namespace, name, dimensions }: NamedMetric): string {
  return `${namespace} ${name} ${Object.keys(dimensions).sort().join()}`;
}

function each(names: string[], sets: Dimensions[]): Record<string, Dimensions[]> {
  return Object.fromEntries(names.map((name) => [name, sets]));
}
