import type { awsDeps } from "../../redrive/aws";
import { entriesOf, type Stack } from "../../target/stack";
import type { Observations } from "../observations";
import { see, type Seen } from "../seen";
import { seeAlarms } from "./alarms";
import type { Clients } from "./clients";
import { seeConcurrency, seeFunction, seeLastError, seeSchedule } from "./functions";
import { seeMetrics } from "./metrics";
import { seeFailedOrders, seeOpenOrders } from "./orders";
import { seeDeadLetters, seeQueue } from "./queues";
import { seeWanted } from "./wanted";

export interface ObserveOptions {
  stack: Stack;
  clients: Clients;
  orders: ReturnType<typeof awsDeps>;
  /** Of this checkout. */
  directory: string;
  now: Date;
}

/**
 * Looks at a stack, and changes nothing. Not `ok` where this machine lacks what every look needs:
 * credentials, or the network.
 */
export async function observe(options: ObserveOptions): Promise<Seen<Observations>> {
  const { stack, clients, orders, directory, now } = options;
  const { outputs } = stack;
  const { sqs, cloudWatch, lambda, scheduler } = clients;
  const queue = await see(() => seeQueue(sqs, outputs.queueUrl));
  if (!queue.ok && queue.isMissing) return queue;
  const looks = {
    deadLetters: see(() => seeDeadLetters(sqs, outputs.deadLetterQueueUrl, orders.readOrder)),
    alarms: see(() => seeAlarms(cloudWatch, stack.prefix)),
    metrics: see(() => seeMetrics(cloudWatch, stack, now)),
    openOrders: see(() => seeOpenOrders(orders, now)),
    failedOrders: see(() => seeFailedOrders(orders, now)),
    lastErrors: lastErrors(options),
    processOrder: see(() => seeFunction(lambda, outputs.functionNames["process-order"])),
    reconcileOrders: see(() => seeFunction(lambda, outputs.functionNames["reconcile-orders"])),
    concurrency: see(() => seeConcurrency(lambda)),
    schedule: see(() => seeSchedule(scheduler, outputs.scheduleName)),
    wanted: see(() => seeWanted(directory, stack.name)),
  };
  return { ok: true, value: { queue, ...(await allOf(looks)) } };
}

async function lastErrors({ stack, clients, now }: ObserveOptions) {
  const seen = await Promise.all(
    entriesOf(stack.outputs.logGroupNames).map(
      async ([name, group]) =>
        [name, await see(() => seeLastError(clients.logs, name, group, now))] as const,
    ),
  );
  return Object.fromEntries(seen);
}

/** All at once. */
async function allOf<T extends Record<string, Promise<unknown>>>(looks: T) {
  const seen = await Promise.all(
    Object.entries(looks).map(async ([name, look]) => [name, await look] as const),
  );
  return Object.fromEntries(seen) as { [K in keyof T]: Awaited<T[K]> };
}
