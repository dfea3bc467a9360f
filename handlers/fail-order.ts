import type { SQSEvent } from "aws-lambda";
import { notificationOf, type Notification, type Order } from "./order";
import { consumeOrders, type Outcome } from "./order-messages";
import { notifyOnce, type Claim } from "./process-order";

export type Failure = { state: "failed"; order: Order } | Exclude<Claim, { state: "claimed" }>;

export interface FailOrderDeps {
  /** Takes an order that nobody works on to FAILED. */
  failOrder(orderId: string, reason: string, now: Date): Promise<Failure>;
  notifyCustomer(notification: Notification): Promise<void>;
  now(): Date;
}

export const FAILURE_REASON = "The order could not be processed, although it was tried repeatedly.";

/** SQS orders-dead-letters: RECEIVED or PROCESSING → FAILED, and the customer is told. */
export function makeFailOrder(deps: FailOrderDeps) {
  return (event: SQSEvent) => consumeOrders(event, (orderId) => failOrder(deps, orderId));
}

async function failOrder(deps: FailOrderDeps, orderId: string): Promise<Outcome> {
  const failure = await deps.failOrder(orderId, FAILURE_REASON, deps.now());
  switch (failure.state) {
    case "failed":
      await deps.notifyCustomer(notificationOf(failure.order));
      return { done: true, what: "order failed" };
    case "ended":
      return notifyOnce(deps, failure.order);
    case "leased":
      return { done: false, why: "a worker still has the order" };
    case "unknown":
      return { done: false, why: "there is no such order" };
  }
}
