import type { SQSEvent } from "aws-lambda";
import { attempt } from "./attempt";
import {
  type BatchDeps,
  consumeOrders,
  type OrderMessage,
  type Outcome,
  tryAgainIn,
} from "./batch";
import { type ClaimedOrderDeps, end, millisecondsSince } from "./claimed-order";
import { decide, firstLease, type Lease, type StoredOrder, type Written } from "./life";
import { type Notification, notificationOf } from "./notification";
import { undo } from "./undo";

/** Each write is conditional on what was seen: status, `redrives`, `attempt`, a lease that is over. */
export interface ProcessOrderDeps extends BatchDeps, ClaimedOrderDeps {
  /** Strongly consistent. */
  readOrder(orderId: string): Promise<StoredOrder | undefined>;
  /** Claims an order that was never tried, and is not looked at before the lease is over. */
  claimNewOrder(orderId: string, lease: Lease, now: Date): Promise<Written>;
  /** Refused also where its cancellation was requested. */
  claimOrder(seen: StoredOrder, lease: Lease, now: Date): Promise<Written>;
  /** Stamps `notifiedAt` on that end, which is not open any more then. */
  recordNotified(ended: StoredOrder, now: Date): Promise<Written>;
  notifyCustomer(notification: Notification): Promise<void>;
}

/** A refusal means that somebody else moved the order: more in a row than workers would be a fault. */
const MAX_DECISIONS = 10;

/** SQS orders: moves each order on as far as it goes now. */
export function makeProcessOrder(deps: ProcessOrderDeps) {
  return (event: SQSEvent) => consumeOrders(deps, event, (message) => processOrder(deps, message));
}

async function processOrder(deps: ProcessOrderDeps, message: OrderMessage): Promise<Outcome> {
  let stored = await firstLook(deps, message);
  for (let decisions = 0; decisions < MAX_DECISIONS; decisions += 1) {
    if (!stored) return unrecognised(deps);
    const now = deps.now();
    const decision = decide(stored, now.getTime(), deps.policy, deps.random());
    switch (decision.next) {
      case "attempt": {
        const claim = await deps.claimOrder(stored, decision.lease, now);
        stored = claim.ok && claim.stored ? await attempt(deps, claim.stored) : claim.stored;
        break;
      }
      case "undo": {
        const { ending, lease } = decision;
        const claim = await deps.beginUndo(stored, ending, lease, false, now);
        stored = claim.ok && claim.stored ? await undo(deps, claim.stored) : claim.stored;
        break;
      }
      case "end":
        deps.log.warn("the undo has failed: a person must look", { orderId: message.orderId });
        stored = (await end(deps, stored, decision.end)).stored;
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

function unrecognised(deps: ProcessOrderDeps): Outcome {
  deps.measure("UnrecognisedMessages");
  return { handled: false, reason: "there is no such order" };
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
    deps.measure("NotificationsFailed");
    deps.log.error("customer could not be notified", error, { orderId: order.orderId });
    return { handled: true, message: `${message}, notification left to the reconciler` };
  }
  const now = deps.now();
  const { ok } = await deps.recordNotified(ended, now);
  if (ok && redrives === 0) deps.measure("TimeToNotified", millisecondsSince(order.createdAt, now));
  return { handled: true, message };
}
