import { PRICES } from "../../infra/prices";
import { ASSUMED } from "./assumptions";
import type { BilledCall } from "./calls";
import type { Counts, FunctionCount, OrderCounts, ScheduledCounts } from "./counts";
import { MONTH_SECONDS, type Registered } from "./registered";

/** So much of something, at US dollars each. */
export interface BillLine {
  item: string;
  quantity: number;
  price: number;
}

/** What there is whether or not orders come. */
export type Standing = Pick<Registered, "polledQueues" | "alarmMetrics" | "dashboards">;

/** One order. The items are the same for all programs, in this order. */
export function orderBill(counts: Counts): BillLine[] {
  const traced = counts.functions.some(({ isTraced }) => isTraced) ? counts.apiRequests : 0;
  return [
    line("API Gateway: requests", counts.apiRequests, PRICES.apiRequest),
    ...usageBill(counts),
    line("X-Ray: traces", traced * ASSUMED.sampledShare, PRICES.traceRecorded),
  ];
}

/** A month without orders: what is registered, and the runs of scheduled functions. */
export function monthBill(
  { polledQueues, alarmMetrics, dashboards }: Standing,
  scheduled: readonly ScheduledCounts[],
): BillLine[] {
  const receives = (polledQueues * ASSUMED.pollers * MONTH_SECONDS) / ASSUMED.longPollSeconds;
  const metrics = new Set(scheduled.flatMap((each) => each.metrics));
  return [
    line("CloudWatch: metrics of alarms", alarmMetrics, PRICES.alarmMetric),
    line("CloudWatch: dashboards", dashboards, PRICES.dashboard),
    line("CloudWatch: metrics of scheduled runs", metrics.size, PRICES.customMetric),
    line("SQS: receives of idle queues", receives, PRICES.queueRequest),
    ...merged(scheduled.map(scheduledBill)),
  ];
}

/** Those that come with orders, besides the ones that there are without. */
export function metricsOfOrders(order: Counts, scheduled: readonly ScheduledCounts[]): string[] {
  const known = new Set(scheduled.flatMap(({ metrics }) => metrics));
  return order.metrics.filter((name) => !known.has(name));
}

/** A month of a million orders that are kept. */
export function storageBill({ itemBytes }: OrderCounts): BillLine[] {
  const perItem = itemBytes + ITEM_OVERHEAD_BYTES;
  const gigabytes = (perItem * 1e6) / 1024 ** 3;
  return [
    line("DynamoDB: GB stored", gigabytes, PRICES.tableGigabyte),
    line("DynamoDB: GB of continuous backups", gigabytes, PRICES.tableBackupGigabyte),
  ];
}

/** DynamoDB stores so much with each item. */
const ITEM_OVERHEAD_BYTES = 100;

export function total(lines: readonly BillLine[]): number {
  return lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}

/** What one invocation is billed for, in whole milliseconds as Lambda does, and how much of it is waiting for calls. */
export function durationOf(
  { memoryMegabytes, cpu, calls, invocations }: FunctionCount,
  callMilliseconds = ASSUMED.callMilliseconds,
): { billed: number; waiting: number } {
  const share = Math.min(1, memoryMegabytes / ASSUMED.megabytesOfOneVcpu);
  const waiting = (calls / invocations) * callMilliseconds;
  return { billed: Math.max(1, Math.ceil(cpu.median / share + waiting)), waiting };
}

function usageBill(counts: Counts): BillLine[] {
  const { calls, functions, deliveries, logBytes } = counts;
  const sumOf = (of: (call: BilledCall) => number | undefined) =>
    calls.reduce((sum, call) => sum + (of(call) ?? 0), 0);
  const requests = (service: string) =>
    sumOf((call) => (call.service === service ? call.requests : 0));
  const invocations = functions.reduce((sum, each) => sum + each.invocations, 0);
  return [
    line(
      "DynamoDB: write units of items",
      sumOf((call) => call.writeUnits?.item),
      PRICES.tableWriteUnit,
    ),
    line(
      "DynamoDB: write units of indexes",
      sumOf((call) => call.writeUnits?.index),
      PRICES.tableWriteUnit,
    ),
    line(
      "DynamoDB: read units",
      sumOf((call) => call.readUnits),
      PRICES.tableReadUnit,
    ),
    line("SQS: requests", requests("sqs"), PRICES.queueRequest),
    line("SNS: publishes", requests("sns"), PRICES.topicPublish),
    line("SNS: deliveries to functions and queues", deliveries, 0),
    line("Lambda: invocations", invocations, PRICES.functionRequest),
    ...computeBill(functions),
    line("CloudWatch: log bytes of functions", logBytes.functions, PRICES.logByte),
    line("CloudWatch: log bytes of Lambda", logBytes.platform, PRICES.logByte),
  ];
}

function computeBill(functions: readonly FunctionCount[]): BillLine[] {
  const price = functions.every(({ isArm }) => isArm)
    ? PRICES.functionGigabyteSecond
    : PRICES.functionGigabyteSecondX86;
  const sum = (millisecondsOf: (each: FunctionCount) => number) =>
    functions.reduce((total, each) => total + gigabyteSeconds(each, millisecondsOf(each)), 0);
  return [
    line("Lambda: GB-seconds, computing", sum(computing), price),
    line(
      "Lambda: GB-seconds, waiting for calls",
      sum((each) => durationOf(each).waiting),
      price,
    ),
  ];
}

function computing(each: FunctionCount): number {
  const { billed, waiting } = durationOf(each);
  return billed - waiting;
}

function gigabyteSeconds({ memoryMegabytes, invocations }: FunctionCount, milliseconds: number) {
  return (((memoryMegabytes / 1024) * milliseconds) / 1000) * invocations;
}

function scheduledBill(counts: ScheduledCounts): BillLine[] {
  const { timesAMonth, functions } = counts;
  const traced = functions.some(({ isTraced }) => isTraced) ? 1 : 0;
  return [
    line("EventBridge Scheduler: invocations", 1, PRICES.scheduledInvocation),
    ...usageBill(counts),
    // Each is the first request of its second.
    line("X-Ray: traces", traced, PRICES.traceRecorded),
  ].map((each) => ({ ...each, quantity: each.quantity * timesAMonth }));
}

/** The lines of several bills of the same items. */
function merged(bills: readonly BillLine[][]): BillLine[] {
  const items = new Map<string, BillLine>();
  for (const each of bills.flat()) {
    const known = items.get(each.item);
    items.set(each.item, { ...each, quantity: each.quantity + (known?.quantity ?? 0) });
  }
  return [...items.values()];
}

function line(item: string, quantity: number, price: number): BillLine {
  return { item, quantity, price };
}
