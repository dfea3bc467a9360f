import type { SQSEvent } from "aws-lambda";
import {
  type BatchDeps,
  consumeOrders,
  type OrderMessage,
  type Outcome,
  tryAgainIn,
} from "./batch";
import type { Fulfilment, Work } from "./fulfil-order";
import {
  checkAtEnd,
  decide,
  type End,
  FAILURE_REASON,
  firstLease,
  type Lease,
  type LifePolicy,
  releaseLease,
  type StoredOrder,
  type Written,
} from "./life";
import { logError } from "./log";
import { type Notification, notificationOf } from "./notification";
import type { Order } from "./order";

/** Each write is conditional on what was seen: status, `redrives`, `attempt`, a lease that is over. */
export interface ProcessOrderDeps extends BatchDeps {
  /** Strongly consistent. */
  readOrder(orderId: string): Promise<StoredOrder | undefined>;
  /** Claims an order that was never tried, and is not looked at before the lease is over. */
  claimNewOrder(orderId: string, lease: Lease, now: Date): Promise<Written>;
  claimOrder(seen: StoredOrder, lease: Lease, now: Date): Promise<Written>;
  releaseOrder(claimed: StoredOrder, lease: Lease): Promise<Written>;
  endOrder(
    claimed: StoredOrder,
    end: End,
    checkAt: number | undefined,
    now: Date,
  ): Promise<Written>;
  /** Stamps `notifiedAt` on that end, which is not open any more then. */
  recordNotified(ended: StoredOrder, now: Date): Promise<unknown>;
  fulfilOrder(order: Order, work: Work): Promise<Fulfilment>;
  abandonOrder(order: Order, work: Work): Promise<void>;
  notifyCustomer(notification: Notification): Promise<void>;
  policy: LifePolicy;
  now(): Date;
  /** From 0 to 1. */
  random(): number;
}

/** A refusal means that somebody else moved the order: more in a row than workers would be a fault. */
const MAX_DECISIONS = 10;
const MAX_REASON_LENGTH = 500;

/** SQS orders: moves each order on as far as it goes now. */
export function makeProcessOrder(deps: ProcessOrderDeps) {
  return (event: SQSEvent) => consumeOrders(deps, event, (message) => processOrder(deps, message));
}

async function processOrder(deps: ProcessOrderDeps, message: OrderMessage): Promise<Outcome> {
  let stored = await firstLook(deps, message);
  for (let decisions = 0; decisions < MAX_DECISIONS; decisions += 1) {
    if (!stored) return { handled: false, reason: "there is no such order" };
    const now = deps.now();
    const decision = decide(stored, now.getTime(), deps.policy, deps.random());
    switch (decision.next) {
      case "attempt":
      case "give up": {
        const work = decision.next === "attempt" ? attempt : giveUp;
        const claim = await deps.claimOrder(stored, decision.lease, now);
        stored = claim.ok && claim.stored ? await work(deps, claim.stored) : claim.stored;
        break;
      }
      case "fail":
        stored = await end(deps, stored, { status: "FAILED", reason: decision.reason });
        break;
      case "wait":
        return tryAgainIn(Math.ceil((decision.until - now.getTime()) / 1000), "order waits");
      case "notify":
        return notify(deps, stored);
      case "nothing":
        return { handled: true, message: `order is ${stored.order.status}, customer notified` };
    }
  }
  throw new Error(`the order changed ${MAX_DECISIONS} times under this worker`);
}

/**
 * The order as this worker finds it. Of a message that nobody has received the order was most probably
 * never tried: it is claimed at once. A refused claim costs as much as a write, so a read goes first where
 * one is likely.
 */
async function firstLook(
  deps: ProcessOrderDeps,
  { orderId, receives, sentAt }: OrderMessage,
): Promise<StoredOrder | undefined> {
  const { policy } = deps;
  const now = deps.now();
  const lease = firstLease(now.getTime(), policy, deps.random());
  const isCheckedLater = lease.leaseUntil < sentAt + policy.firstCheckSeconds * 1000;
  if (receives > 1 || !isCheckedLater) return deps.readOrder(orderId);
  const claim = await deps.claimNewOrder(orderId, lease, now);
  return claim.ok && claim.stored ? attempt(deps, claim.stored) : claim.stored;
}

async function attempt(
  deps: ProcessOrderDeps,
  claimed: StoredOrder,
): Promise<StoredOrder | undefined> {
  mustHoldLease(deps, claimed);
  let fulfilled: End;
  try {
    fulfilled = endOf(await deps.fulfilOrder(claimed.order, workOf(claimed)));
  } catch (error) {
    return release(deps, claimed, "attempt failed", error);
  }
  return end(deps, claimed, fulfilled);
}

/** The undo, under a claim of its own: no attempt of the step can end the order any more. */
async function giveUp(
  deps: ProcessOrderDeps,
  claimed: StoredOrder,
): Promise<StoredOrder | undefined> {
  mustHoldLease(deps, claimed);
  try {
    await deps.abandonOrder(claimed.order, workOf(claimed));
  } catch (error) {
    return release(deps, claimed, "undo failed", error);
  }
  return end(deps, claimed, { status: "FAILED", reason: FAILURE_REASON });
}

/** A process that was frozen since its claim must not begin what another may have begun, or undone. */
function mustHoldLease(deps: ProcessOrderDeps, { leaseUntil }: StoredOrder): void {
  if (deps.now().getTime() >= leaseUntil)
    throw new Error("the lease was over before the work began");
}

async function release(
  deps: ProcessOrderDeps,
  claimed: StoredOrder,
  what: string,
  error: unknown,
): Promise<StoredOrder | undefined> {
  const { order, attempt } = claimed;
  logError(what, error, { orderId: order.orderId, attempt });
  const lease = releaseLease(claimed, deps.now().getTime(), deps.policy, deps.random());
  return (await deps.releaseOrder(claimed, lease)).stored;
}

async function end(
  deps: ProcessOrderDeps,
  claimed: StoredOrder,
  how: End,
): Promise<StoredOrder | undefined> {
  const now = deps.now();
  const checkAt = checkAtEnd(claimed, now.getTime(), deps.policy);
  return (await deps.endOrder(claimed, how, checkAt, now)).stored;
}

/**
 * Publish, then stamp: a worker that dies in between makes a second notification, never none. What cannot
 * be published is left to the reconciler: while SNS is down, orders that have ended must not take the
 * workers of those that have not.
 */
async function notify(deps: ProcessOrderDeps, ended: StoredOrder): Promise<Outcome> {
  const { order, redrives } = ended;
  const message = `order ${order.status.toLowerCase()}`;
  try {
    await deps.notifyCustomer(notificationOf(order, redrives));
  } catch (error) {
    logError("customer could not be notified", error, { orderId: order.orderId });
    return { handled: true, message: `${message}, notification left to the reconciler` };
  }
  await deps.recordNotified(ended, deps.now());
  return { handled: true, message };
}

function endOf(fulfilment: Fulfilment): End {
  if ("totals" in fulfilment) return { status: "COMPLETED", totals: fulfilment.totals };
  const reason = fulfilment.rejected.slice(0, MAX_REASON_LENGTH).toWellFormed();
  return { status: "REJECTED", reason };
}

function workOf({ order, redrives }: StoredOrder): Work {
  return { idempotencyKey: `${order.orderId}/${redrives}` };
}
