import type { SQSEvent } from "aws-lambda";
import { notificationOf, type Notification, type Order, type Totals } from "./order";
import { consumeOrders, type Outcome } from "./order-messages";

/** What a worker found when it tried to take an order. */
export type Claim =
  | { state: "claimed"; order: Order; attempt: number }
  | { state: "leased" }
  | { state: "ended"; order: Order }
  | { state: "unknown" };

export interface ProcessOrderDeps {
  /** Takes the order to PROCESSING under a new attempt, unless it has ended or is under a live lease. */
  claimOrder(orderId: string, now: Date, leaseExpiresAt: Date): Promise<Claim>;
  fulfilOrder(order: Order): Promise<{ totals: Totals }>;
  /** Takes the order to COMPLETED; undefined when another attempt has it now. */
  completeOrder(
    orderId: string,
    attempt: number,
    result: { totals: Totals },
    now: Date,
  ): Promise<Order | undefined>;
  notifyCustomer(notification: Notification): Promise<void>;
  now(): Date;
  /** As long as a worker can live. */
  leaseMilliseconds: number;
}

/** SQS orders: RECEIVED → PROCESSING → COMPLETED, then tell the customer, then let the message go. */
export function makeProcessOrder(deps: ProcessOrderDeps) {
  return (event: SQSEvent) => consumeOrders(event, (orderId) => processOrder(deps, orderId));
}

async function processOrder(deps: ProcessOrderDeps, orderId: string): Promise<Outcome> {
  const now = deps.now();
  const leaseExpiresAt = new Date(now.getTime() + deps.leaseMilliseconds);
  const claim = await deps.claimOrder(orderId, now, leaseExpiresAt);
  switch (claim.state) {
    case "claimed":
      return completeOrder(deps, claim.order, claim.attempt);
    case "ended":
      return notifyOnce(deps, claim.order);
    case "leased":
      return { done: false, why: "another worker has the order" };
    case "unknown":
      return { done: false, why: "there is no such order" };
  }
}

async function completeOrder(
  deps: ProcessOrderDeps,
  order: Order,
  attempt: number,
): Promise<Outcome> {
  const result = await deps.fulfilOrder(order);
  const completed = await deps.completeOrder(order.orderId, attempt, result, deps.now());
  if (!completed) return { done: false, why: "lost the lease: another worker has the order" };
  await deps.notifyCustomer(notificationOf(completed));
  return { done: true, what: "order completed" };
}

/** A delivery after the end: the earlier one may have died before it could tell the customer. */
export async function notifyOnce(
  deps: Pick<ProcessOrderDeps, "notifyCustomer">,
  order: Order,
): Promise<Outcome> {
  if (order.notifiedAt !== undefined) return { done: true, what: "order had ended already" };
  await deps.notifyCustomer(notificationOf(order));
  return { done: true, what: "customer told of the order's end" };
}
