import { makeLedger } from "../../faults/ledger";
import { shortTimes } from "../../faults/short-times";
import { startWatchedStack, UNSETTLED } from "../../faults/stack";
import { eventually } from "../../harness/eventually";
import { overriding, timeoutOf, variablesOf } from "../../harness/overrides";
import { chaos, type FaultPlan, firstOf } from "../../laptop/endpoint/fault-injection";
import type { Books } from "../shop-server/server";
import { makeCancellations } from "./cancellations";
import { type Accepted, violationsOf } from "./check";
import { copyWithExample, shopAt } from "./example-project";
import { type PlannedOrder, plannedOrder } from "./planned-orders";
import { type ShopProcess, startShopProcess } from "./shop-process";

export interface ExampleOptions {
  orders: number;
  connections: number;
  seed: number;
}

export interface ExampleResult {
  orders: Accepted[];
  books: Books;
  violations: string[];
  /** Workers that were killed, by faults or by their time limit. */
  killed: number;
  cancellations: { inTime: number; tooLate: number };
}

const SHOP = { faultRate: 0.25, stock: 1_000_000 };
/** Probability with which the worker is killed in one of its calls to AWS, or any call goes wrong some other way. */
const KILL_RATE = 0.02;
const FAULT_RATE = 0.01;
/** Of a step or an undo that makes no progress. The shop fails three times at most. */
const MAX_ATTEMPTS = 8;
const PROCESSING = {
  timeoutSeconds: 3,
  batchSize: 1,
  maximumConcurrency: 8,
  maxAttempts: MAX_ATTEMPTS,
};
/** The shop is late by more than a request takes at most; and two of these are more than a worker has. */
const CONSTANTS = { PICKUP: "{ seconds: 2 }", REQUEST_MILLISECONDS: "1900" };
const ORDERS_A_SECOND = 10;
const MAX_TRIES = 50;
const SETTLED_MILLISECONDS = 600_000;

/** Orders on the laptop stack with the example as its business step, while all that can go wrong does. */
export async function runExample(
  options: ExampleOptions,
  progress: (accepted: number) => void,
): Promise<ExampleResult> {
  const shop = await startShopProcess({ ...SHOP, seed: options.seed });
  const copy = copyWithExample(CONSTANTS);
  try {
    const stack = await startStackWith(shop, copy.directory, options);
    try {
      return await takeOrders(stack, shop, options, progress);
    } finally {
      await stack.stop();
    }
  } finally {
    copy.remove();
    await shop.stop();
  }
}

async function startStackWith(
  shop: ShopProcess,
  directory: string,
  { orders, seed }: ExampleOptions,
) {
  const cancellations = makeCancellations();
  const stack = await startWatchedStack({
    directory,
    processing: PROCESSING,
    ledger: makeLedger(MAX_ATTEMPTS),
    faults: firstOf(kills(KILL_RATE, seed), chaos(FAULT_RATE, seed)),
    override: overriding(timesFor(orders), shopAt(shop.url)),
    onCall: (call, response) => cancellations.onCall(call, response),
  });
  return { ...stack, cancellations };
}

type ExampleStack = Awaited<ReturnType<typeof startStackWith>>;

async function takeOrders(
  stack: ExampleStack,
  shop: ShopProcess,
  { orders, connections }: ExampleOptions,
  progress: (accepted: number) => void,
): Promise<ExampleResult> {
  const planned = Array.from({ length: orders }, (_, i) => plannedOrder(i));
  await postAll(stack, planned, connections, progress);
  const isSettled = await stack.settled(SETTLED_MILLISECONDS);
  const books = await eventually("the shop to be done", async () => {
    const found = await shop.books();
    return found.underWay === 0 && found;
  });

  const inTime = await stack.cancellations.results();
  const accepted = await Promise.all(planned.map((each) => acceptedOrder(stack, each, inTime)));
  const violations = [
    ...violationsOf(accepted, books, SHOP.stock),
    ...accepted.flatMap(({ orderId }) => stack.ledger.violations(orderId)),
  ];
  const isKilled = (error = "") => /^killed|^timed out/.test(error);
  return {
    orders: accepted,
    books,
    violations: [...violations, ...(isSettled ? [] : [UNSETTLED])],
    killed: stack.invocations("process-order").filter(({ error }) => isKilled(error)).length,
    cancellations: {
      inTime: [...inTime.values()].filter(Boolean).length,
      tooLate: [...inTime.values()].filter((each) => !each).length,
    },
  };
}

async function postAll(
  stack: ExampleStack,
  planned: PlannedOrder[],
  connections: number,
  progress: (accepted: number) => void,
): Promise<void> {
  const ordersUrl = `${stack.output("apiUrl")}orders`;
  const left = planned.entries();
  const post = async () => {
    for (const [i, { orderId, key, customerId, items, cancelAfter }] of left) {
      if (cancelAfter !== undefined) {
        stack.cancellations.plan(orderId, { writes: cancelAfter, url: `${ordersUrl}/${orderId}` });
      }
      await stack.postUntilAccepted({ customerId, items }, key, MAX_TRIES);
      stack.cancellations.onAccepted(orderId);
      progress(i + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, post));
}

async function acceptedOrder(
  stack: ExampleStack,
  { orderId, items }: PlannedOrder,
  inTime: Map<string, boolean>,
): Promise<Accepted> {
  const { order } = await stack.getUntilFound(orderId, MAX_TRIES);
  return { orderId, items, status: order.status, isCancelled: inTime.get(orderId) === true };
}

/** Kills the worker in or after a call, with this probability for each. */
function kills(rate: number, seed: number): FaultPlan {
  // Another seed: what goes wrong otherwise is no part of these.
  const isHit = chaos(rate, seed + 1_000_000);
  return (call) => {
    if (call.caller !== "process-order" || !isHit(call)) return undefined;
    return call.n % 2 === 0 ? "crash-before" : "crash-after";
  };
}

function timesFor(orders: number) {
  // An order waits as long as the backlog lasts: looked at sooner, each would get messages that are no use.
  const checkSeconds = 5 + orders / ORDERS_A_SECOND;
  return overriding(
    shortTimes({
      backoffSeconds: 0.25,
      firstCheckSeconds: checkSeconds,
      nextCheckSeconds: checkSeconds,
      reconcileSeconds: 1,
    }),
    variablesOf("process-order", { MAX_BACKOFF_SECONDS: 0.5 }),
    timeoutOf("cancel-order", 3),
  );
}
