import type { AwsCall } from "../aws-call";
import type { StackEvent } from "../events";
import { metricsIn } from "./emf";
import type { KNOWN_METRICS, KnownNamespace } from "./known-metrics";
import type { Metrics } from "./metrics";

/** What lies on a queue at one moment. */
export interface QueueSample {
  name: string;
  visible: number;
  notVisible: number;
  /** Sent with a delay that is not over. */
  delayed: number;
  /** Of the oldest message that has not been received more than three times; 0 where there is none. */
  ageSeconds: number;
}

/** Makes metrics of what happens in the stack. */
export interface Observer {
  event: (event: StackEvent) => void;
  /** A call that was performed, with the status of its response. */
  call: (call: AwsCall, status: number) => void;
  /** A fault that was injected into one try of a call. */
  fault: (call: AwsCall, kind: string) => void;
  queues: (samples: readonly QueueSample[]) => void;
}

type Put = <N extends KnownNamespace>(
  namespace: N,
  values: Partial<Record<keyof (typeof KNOWN_METRICS)[N] & string, number>>,
  dimensions: Record<string, string>,
) => void;

/** `now`: milliseconds since 1970. */
export function makeObserver(metrics: Metrics, now: () => number = Date.now): Observer {
  const put: Put = (namespace, values, dimensions) => {
    for (const [name, value] of Object.entries(values)) {
      metrics.put({ namespace, name, dimensions }, Number(value), now());
    }
  };
  return {
    event(event) {
      if (event.kind === "invocation") {
        const data = event.log.flatMap((entry) => metricsIn(entry));
        for (const { id, value, at } of data) metrics.put(id, value, at);
      }
      observeEvent(event, put);
    },
    call(call, status) {
      if (call.service === "dynamodb" && status >= 500) putSystemError(call, put);
      if (call.service === "sns" && call.action === "Publish" && status === 200) {
        put("AWS/SNS", { NumberOfMessagesPublished: 1 }, { TopicName: call.resource });
      }
    },
    fault(call, kind) {
      if (call.service !== "dynamodb") return;
      if (kind === "server-error") putSystemError(call, put);
      if (kind === "throttled") putThrottle(call, put);
    },
    queues(samples) {
      for (const { name, visible, notVisible, ageSeconds } of samples) {
        const values = {
          ApproximateNumberOfMessagesVisible: visible,
          ApproximateNumberOfMessagesNotVisible: notVisible,
          ApproximateAgeOfOldestMessage: ageSeconds,
        };
        put("AWS/SQS", values, { QueueName: name });
      }
    },
  };
}

function observeEvent(event: StackEvent, put: Put): void {
  switch (event.kind) {
    case "invocation": {
      const { function: FunctionName, error, milliseconds: Duration } = event;
      const Errors = error === undefined ? 0 : 1;
      put("AWS/Lambda", { Invocations: 1, Errors, Throttles: 0, Duration }, { FunctionName });
      return;
    }
    case "throttled":
      put("AWS/Lambda", { Throttles: 1 }, { FunctionName: event.function });
      return;
    case "request":
      observeRequest(event, put);
      return;
    case "notification":
      if (event.refusal === undefined) return;
      put("AWS/SNS", { NumberOfNotificationsFailed: 1 }, { TopicName: event.topic });
      return;
    case "published":
    case "alarm":
    case "issuer":
    case "outage":
    case "watch":
    case "warning":
  }
}

function observeRequest(event: Extract<StackEvent, { kind: "request" }>, put: Put): void {
  const { api, status, madeBy, milliseconds, integrationMilliseconds } = event;
  if (!api) return;
  // API Gateway counts modified gateway responses there, whatever their status is.
  const isModified = madeBy === "modified-gateway-response";
  const values = {
    Count: 1,
    "4XXError": Number(isModified || (status >= 400 && status < 500)),
    "5XXError": Number(!isModified && status >= 500),
    Latency: milliseconds,
    ...(integrationMilliseconds !== undefined && { IntegrationLatency: integrationMilliseconds }),
  };
  put("AWS/ApiGateway", values, { ApiName: api.name, Stage: api.stage });
  put("AWS/ApiGateway", values, { ApiName: api.name });
}

function putSystemError({ resource, action }: AwsCall, put: Put): void {
  put("AWS/DynamoDB", { SystemErrors: 1 }, { TableName: resource, Operation: action });
}

const READS = ["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"];

/** An index has its own capacity, and is throttled on its own. */
function putThrottle({ resource: TableName, action, fields }: AwsCall, put: Put): void {
  const { IndexName } = fields;
  const isOfIndex = typeof IndexName === "string";
  const dimensions = { TableName, ...(isOfIndex && { GlobalSecondaryIndexName: IndexName }) };
  const isRead = READS.includes(action);
  put("AWS/DynamoDB", isRead ? { ReadThrottleEvents: 1 } : { WriteThrottleEvents: 1 }, dimensions);
}
