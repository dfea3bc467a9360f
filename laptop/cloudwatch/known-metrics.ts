import type { MetricId } from "./metrics";

/** What the laptop measures itself: namespace → name → the sets of dimensions that it has values for. */
export const KNOWN_METRICS = {
  "AWS/ApiGateway": {
    Count: [["ApiName", "Stage"], ["ApiName"]],
    "4XXError": [["ApiName", "Stage"], ["ApiName"]],
    "5XXError": [["ApiName", "Stage"], ["ApiName"]],
    Latency: [["ApiName", "Stage"], ["ApiName"]],
    IntegrationLatency: [["ApiName", "Stage"], ["ApiName"]],
  },
  "AWS/DynamoDB": {
    ReadThrottleEvents: [["TableName"], ["TableName", "GlobalSecondaryIndexName"]],
    WriteThrottleEvents: [["TableName"], ["TableName", "GlobalSecondaryIndexName"]],
    SystemErrors: [["TableName", "Operation"]],
  },
  "AWS/Lambda": {
    Invocations: [["FunctionName"]],
    Errors: [["FunctionName"]],
    Duration: [["FunctionName"]],
    Throttles: [["FunctionName"]],
  },
  "AWS/SNS": {
    NumberOfMessagesPublished: [["TopicName"]],
    NumberOfNotificationsFailed: [["TopicName"]],
  },
  "AWS/SQS": {
    ApproximateNumberOfMessagesVisible: [["QueueName"]],
    ApproximateNumberOfMessagesNotVisible: [["QueueName"]],
    ApproximateAgeOfOldestMessage: [["QueueName"]],
  },
} as const satisfies Record<string, Record<string, readonly (readonly string[])[]>>;

export type KnownNamespace = keyof typeof KNOWN_METRICS;

/** Whether the laptop can have values of a metric: of AWS's only those above, of a program's own each one. */
export function isKnownMetric({ namespace, name, dimensions }: MetricId): boolean {
  if (!namespace.startsWith("AWS/")) return true;
  const names = Object.keys(dimensions).sort().join();
  return setsOf(namespace, name).some((set) => [...set].sort().join() === names);
}

function setsOf(namespace: string, name: string): readonly (readonly string[])[] {
  const namespaces: Record<string, Record<string, readonly (readonly string[])[]>> = KNOWN_METRICS;
  return namespaces[namespace]?.[name] ?? [];
}
