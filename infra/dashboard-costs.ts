import type { Line } from "./dashboard-widgets";
import { MEMORY_MEGABYTES } from "./lambda-function";
import {
  apiGateway,
  lambda,
  logs,
  type Metric,
  ofTableAndIndexes,
  sns,
  sqs,
  type Watched,
} from "./metrics";
import { PRICES } from "./prices";

/** Metrics at one price, and all that a service costs. */
type Priced = [price: number, metrics: Metric[]];
type Cost = [label: string, id: string, Priced[]];

const QUEUE_CALLS = [
  "NumberOfMessagesSent",
  "NumberOfMessagesReceived",
  "NumberOfMessagesDeleted",
  "NumberOfEmptyReceives",
];

/** What the stack costs in a period at list prices, by service. */
export function costLines(watched: Watched): Line[] {
  const { api, queue, deadLetterQueue, topic } = watched;
  const queueCalls = [queue, deadLetterQueue].flatMap((each) =>
    QUEUE_CALLS.map((name) => sqs(each, name)),
  );
  const costs: Cost[] = [
    ["API Gateway", "api", [[PRICES.apiRequest, [apiGateway(api, "Count")]]]],
    ["Lambda", "lambda", functionCosts(watched)],
    ["DynamoDB", "table", tableCosts(watched)],
    ["SQS", "queue", [[PRICES.queueRequest, queueCalls]]],
    ["SNS", "topic", [[PRICES.topicPublish, [sns(topic, "NumberOfMessagesPublished")]]]],
    ["Logs", "logs", logCosts(watched)],
  ];
  return costs.flatMap(linesOf);
}

function functionCosts({ functions }: Watched): Priced[] {
  const ofAll = (name: string) => Object.values(functions).map((each) => lambda(each, name));
  const millisecond = (PRICES.functionGigabyteSecond * MEMORY_MEGABYTES) / 1024 / 1000;
  return [
    [PRICES.functionRequest, ofAll("Invocations")],
    [millisecond, ofAll("Duration")],
  ];
}

function tableCosts(watched: Watched): Priced[] {
  const all = (name: string) => Object.values(ofTableAndIndexes(watched, name));
  return [
    [PRICES.tableReadUnit, all("ConsumedReadCapacityUnits")],
    [PRICES.tableWriteUnit, all("ConsumedWriteCapacityUnits")],
  ];
}

function logCosts({ functions }: Watched): Priced[] {
  return [[PRICES.logByte, Object.values(functions).map((each) => logs(each, "IncomingBytes"))]];
}

function linesOf([label, id, priced]: Cost): Line[] {
  const hidden = priced.flatMap(([, metrics], group) =>
    metrics.map((metric, i): Line & { id: string } => ({
      metric,
      statistic: "Sum",
      id: `${id}${group}x${i}`,
      visible: false,
    })),
  );
  const terms = priced.map(([price, metrics], group) => {
    const ids = metrics.map((_, i) => `FILL(${id}${group}x${i}, 0)`);
    return `${decimal(price)} * (${ids.join(" + ")})`;
  });
  return [{ expression: terms.join(" + "), label, id }, ...hidden];
}

/** Not as 6.7e-9: metric math documents no exponents. */
function decimal(price: number): string {
  return price.toFixed(12);
}
