import type { Alarm } from "./alarm";
import {
  alarm,
  FIFTEEN_MINUTES,
  FIVE_MINUTES,
  maximum,
  sum,
  sumOf,
  THREE_OF_FIVE_MINUTES,
} from "./alarm-rules";
import type { StackConfig } from "./config";
import {
  apiGateway,
  dynamodb,
  lambda,
  type Metric,
  ofTableAndIndexes,
  own,
  sns,
  sqs,
  type Watched,
  type WatchedFunction,
} from "./metrics";
import { orderAlarms } from "./order-alarms";

type Thresholds = StackConfig["alarms"];

const AUTHORIZER = "authorize-caller";

/** The alarms of a stack. docs/operations.md has the reason for each threshold. */
export function alarmList(watched: Watched, thresholds: Thresholds): Alarm[] {
  const functions = Object.entries(watched.functions);
  return [
    ...orderAlarms(thresholds),
    ...messageAlarms(watched, thresholds),
    ...functions.flatMap(([name, each]) => functionAlarms(name, each)),
    ...authorizerAlarms(watched),
    ...apiAlarms(watched, thresholds),
    ...tableAlarms(watched),
  ];
}

function messageAlarms({ queue, topic }: Watched, thresholds: Thresholds): Alarm[] {
  return [
    alarm("queue-age", "Orders wait long before anybody works on them.", {
      of: maximum(sqs(queue, "ApproximateAgeOfOldestMessage")),
      ...FIVE_MINUTES,
      threshold: thresholds.queueAgeSeconds,
    }),
    alarm(
      "deliveries-failed",
      "A subscriber does not receive notifications, and SNS drops them in the end.",
      {
        of: sum(sns(topic, "NumberOfNotificationsFailed")),
        ...THREE_OF_FIVE_MINUTES,
      },
    ),
  ];
}

/** What it means that a function does not run; API Gateway's status is for those behind the API. */
function withoutFunction(name: string, status: number): string {
  switch (name) {
    case "process-order":
      return "orders wait, and requests are not affected";
    case "reconcile-orders":
      return "nothing at first, but orders that got stuck stay stuck";
    default:
      return `requests that need it get ${status}`;
  }
}

function functionAlarms(name: string, watched: WatchedFunction): Alarm[] {
  const { timeoutSeconds } = watched;
  const errors = alarm(
    `${name}-errors`,
    `${name} crashes or times out: ${withoutFunction(name, 502)}.`,
    { of: sum(lambda(watched, "Errors")), ...THREE_OF_FIVE_MINUTES },
    "function-errors",
  );
  return [
    ...(name === AUTHORIZER ? [] : [errors]),
    alarm(
      `${name}-throttles`,
      `Lambda rejects invocations of ${name}: ${withoutFunction(name, 503)}.`,
      { of: sum(lambda(watched, "Throttles")), ...FIVE_MINUTES },
      "function-throttles",
    ),
    alarm(
      `${name}-slow`,
      `${name} nearly times out at ${timeoutSeconds} s: soon it fails, and what it does is repeated.`,
      {
        of: { metric: lambda(watched, "Duration"), statistic: "p99" },
        ...THREE_OF_FIVE_MINUTES,
        threshold: 0.8 * timeoutSeconds * 1000,
      },
      "function-slow",
    ),
  ];
}

/**
 * An authorizer refuses a token by an error, which is none. Twice as many, since Lambda and the function may
 * count the same token in different minutes. To API Gateway a request that it fails is a 4XXError.
 */
function authorizerAlarms({ functions: { [AUTHORIZER]: authorizer } }: Watched): Alarm[] {
  if (!authorizer) return [];
  return [
    alarm("authorizer-failing", "Nobody with a new token gets in: their requests get 503.", {
      of: {
        expression: "FILL(errors, 0) - 2 * FILL(refused, 0)",
        statistics: {
          errors: sum(lambda(authorizer, "Errors")),
          refused: sum(own("TokensRefused")),
        },
      },
      ...THREE_OF_FIVE_MINUTES,
    }),
  ];
}

function apiAlarms({ api, accessLogs }: Watched, thresholds: Thresholds): Alarm[] {
  const throttled = accessLogs && [
    alarm("requests-throttled", "Clients are turned away with 429, and have to send again.", {
      of: sum(accessLogs.throttledRequests),
      ...FIFTEEN_MINUTES,
    }),
  ];
  return [
    alarm(
      "api-errors",
      "Requests fail with 500 or 503; clients that do not repeat them lose them.",
      {
        of: { metric: apiGateway(api, "5XXError"), statistic: "Average" },
        ...THREE_OF_FIVE_MINUTES,
        threshold: thresholds.apiErrorPercent / 100,
      },
    ),
    alarm("api-slow", "Some requests take seconds.", {
      of: { metric: apiGateway(api, "Latency"), statistic: "p99" },
      ...FIVE_MINUTES,
      threshold: thresholds.apiLatencyMilliseconds,
    }),
    ...(throttled ?? []),
  ];
}

/** Of these the functions' clients call the table. */
const OPERATIONS = ["PutItem", "GetItem", "UpdateItem", "Query"];

function tableAlarms(watched: Watched): Alarm[] {
  const { table } = watched;
  const throttles = ["read", "write"].flatMap((kind) => {
    const name = `${kind === "read" ? "Read" : "Write"}ThrottleEvents`;
    return Object.entries(ofTableAndIndexes(watched, name)).map(([index, metric]) => [
      index === "" ? kind : `${kind}_${index}`,
      metric,
    ]);
  });
  return [
    alarm(
      "table-throttles",
      "Requests get 503 and orders wait, because DynamoDB refuses reads or writes.",
      {
        of: sumOf(Object.fromEntries(throttles) as Record<string, Metric>),
        ...THREE_OF_FIVE_MINUTES,
      },
    ),
    alarm("table-errors", "Requests get 500 and orders wait, because DynamoDB itself fails.", {
      of: sumOf(
        Object.fromEntries(
          OPERATIONS.map((Operation) => [
            Operation.charAt(0).toLowerCase() + Operation.slice(1),
            dynamodb(table, "SystemErrors", { Operation }),
          ]),
        ),
      ),
      ...THREE_OF_FIVE_MINUTES,
    }),
  ];
}
