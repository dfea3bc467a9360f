import type { Item } from "../handlers/aws/stored-order";
import type { Telemetry } from "../handlers/telemetry";
import type { Outcome, Violation } from "./checker/checker";
import { type Clients, startClients } from "./clients";
import { startEventSource } from "./event-source";
import { planIncidents, traceOutages } from "./incidents";
import { makeLambda } from "./lambda";
import { makeOrdersQueue } from "./orders-queue";
import { makeSimulatedOrders } from "./orders-table";
import type { Plan } from "./plan";
import type { PlannedOrder } from "./planned-order";
import { stepsOf, waitsOf } from "./program";
import { makeSchedule } from "./schedule";
import type { Services } from "./services";
import { makeStep, type Step } from "./step";
import { makeWorld, MINUTE, START, type World } from "./world";

/*
 * One history: the real handlers (create-order, cancel-order, process-order, reconcile-orders, and the
 * table's writes in handlers/aws/orders-table.ts), run in virtual time on simulated services. Nothing is read from the
 * real world: a plan always gives the same history, event by event.
 *
 * Simulated are DynamoDB (conditional writes, an index that lags behind, point-in-time restores), SQS
 * (visibility timeout, retention, duplicates, no order, dead letters), SNS (taken or not), Lambda
 * (timeouts, throttling, killed and frozen processes, one deploy), the event source mapping, the schedule,
 * clients that repeat and cancel, operators, a provider on which steps have their effects, and a clock of
 * its own for each invocation. Each call can fail in the ways of faults.ts.
 *
 * Not simulated:
 * - execution environments: no invocation finds anything that an earlier one has left in memory;
 * - API Gateway: a request is a call of create-order, with its answer or 502. Its limits, its timeout of
 *   29 seconds and get-order are left out;
 * - the AWS adapters besides orders-table.ts: SDK clients are reduced to their tries and timeouts;
 * - partial failures of SendMessageBatch, throttling of single partitions, SQS's limit in flight;
 * - a batching window, scaling of the event source mapping, and its backoff after throttling;
 * - more than one account, region or stack, permissions, encryption and costs.
 */

export interface HistoryOptions {
  /** Names of faults that do not happen this time. */
  without?: ReadonlySet<string>;
  /** Gets what happens: when (milliseconds from the start), who, what. */
  trace?: (at: number, who: string, what: string) => void;
  /** Runs the reconciler each minute, also where there is nothing to do. */
  everyMinute?: boolean;
  /** Gets what the functions measure. */
  measure?: Telemetry["measure"];
}

export interface HistoryResult {
  violations: Violation[];
  /** Names of the faults that happened. */
  faults: string[];
  /** Times in milliseconds from the start. */
  orders: Outcome[];
  /** How long it lasted, in virtual milliseconds. */
  milliseconds: number;
  /** Messages that the reconciler has sent. */
  hints: number;
  /** Messages that ended in the dead-letter queue. */
  deadLetters: number;
}

/** Of a stream of orders, after which nothing happens any more to one that was notified. */
const FORGET_MS = 20 * MINUTE;
/** After the faults a process may still be frozen, and a call still be on its way. */
const AFTERMATH_MS = 45 * MINUTE;
/** Besides waits: six steps and their undos, each with nearly all of twenty tries, take eleven days. */
const PATIENCE_MS = 15 * 24 * 60 * MINUTE;

/** Runs one history to its end: all orders ended and notified, or the patience used up. */
export async function runHistory(
  plan: Plan,
  {
    without = new Set(),
    trace,
    everyMinute = false,
    measure = () => undefined,
  }: HistoryOptions = {},
): Promise<HistoryResult> {
  const world = makeWorld(plan, without, trace, measure);
  const lambda = makeLambda(world);
  const orders = makeSimulatedOrders(world, lambda);
  const services = { lambda, orders, queue: makeOrdersQueue(world) };
  const step = makeStep(world, lambda);

  // Events of one moment happen in the order in which they were planned: so this order is part of a history.
  const source = startEventSource(world, services, step);
  const clients = startClients(world, services);
  traceOutages(world, source);
  const schedule = makeSchedule(world, services, everyMinute);
  orders.onWrite((orderId, item) => {
    schedule.awaitDue(item);
    if (plan.stream && item["notifiedAt"]) forgetLater(world, services, step, orderId, item);
  });
  planIncidents(world, services, schedule);
  schedule.start();

  await runToEnd(world, clients);
  return resultOf(world, services);
}

/** A stream has too many orders to keep them all. */
function forgetLater(
  { clock, names, checker, provider, plannedOrders }: World,
  { orders, queue }: Services,
  step: Step,
  orderId: string,
  { customerId }: Item,
): void {
  clock.after(FORGET_MS, () => {
    const name = names.of(orderId);
    checker.forget(orderId);
    provider.forget(orderId);
    names.forget(orderId);
    queue.forget(name);
    step.forget(name);
    plannedOrders.delete(customerId?.S ?? "");
    orders.forget(orderId);
  });
}

async function runToEnd(world: World, clients: Clients): Promise<void> {
  const { plan, clock, since, checker, provider, plannedOrders } = world;
  const lastEvent = Math.max(plan.faultsUntil + AFTERMATH_MS, plan.stream?.until ?? 0);
  const isOver = () => since() > lastEvent && clients.open() === 0 && checker.unfinished() === 0;
  const longestWait = Math.max(0, ...plan.orders.map(waitingMs));
  await clock.runUntil(isOver, START + plan.faultsUntil + longestWait + PATIENCE_MS);
  checker.finish((customerId) => isPoison(plannedOrders.get(customerId)), provider.effects());
}

/** All its waits, those of before and of after the deploy. */
function waitingMs({ parts, changed = [] }: PlannedOrder): number {
  return waitsOf([...parts, ...changed]).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

/** It kills the process of each attempt, whatever is kept and deployed. */
function isPoison(planned: PlannedOrder | undefined): boolean {
  if (!planned) return false;
  const { step, parts, changed = parts } = planned;
  const programs = [parts, changed].map((each) => [
    step,
    // What an optional step does before it kills may fail, and the work then goes on without it.
    ...stepsOf(each).flatMap(({ behaviour, isOptional }) => (isOptional ? [] : [behaviour])),
  ]);
  return programs.every((behaviours) =>
    behaviours.some((each) => each.kind === "kills" && each.times === Infinity),
  );
}

function resultOf({ checker, faults, since }: World, { queue }: Services): HistoryResult {
  return {
    violations: checker.violations,
    faults: faults.happened,
    orders: checker.outcomes().map((order) => ({
      ...order,
      createdAt: order.createdAt - START,
      endedAt: order.endedAt - START,
      notifiedAt: order.notifiedAt - START,
    })),
    milliseconds: since(),
    hints: checker.hints(),
    deadLetters: queue.deadLetters.length,
  };
}
