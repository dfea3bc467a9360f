import type { SNSEvent, SNSEventRecord } from "aws-lambda";
import { logInfo } from "./log";
import type { OrderStatus } from "./order";
import { parseNotification } from "./order-messages";

export interface RecordNotificationDeps {
  /**
   * Stamps `notifiedAt` once, on an order that is still in the end state that the notification is
   * about. `ignored`: stamped already, or the order has moved on.
   */
  recordNotified(
    orderId: string,
    status: OrderStatus,
    endedAt: string,
    now: Date,
  ): Promise<"recorded" | "ignored" | "unknown">;
  now(): Date;
}

/** SNS order-events: what the topic has taken counts as told. */
export function makeRecordNotification(deps: RecordNotificationDeps) {
  return async (event: SNSEvent): Promise<void> => {
    for (const record of event.Records) await recordNotification(deps, record);
  };
}

// Throws what it cannot place: Lambda tries again, then hands it to the function's dead-letter queue.
async function recordNotification(
  deps: RecordNotificationDeps,
  { Sns: { Message, MessageId: messageId } }: SNSEventRecord,
): Promise<void> {
  const notification = parseNotification(Message);
  if (!notification) throw new Error(`message ${messageId} on the topic is not an order's`);

  const { orderId, status, endedAt } = notification;
  const outcome = await deps.recordNotified(orderId, status, endedAt, deps.now());
  if (outcome === "unknown") {
    throw new Error(`message ${messageId} on the topic names no known order`);
  }
  logInfo(`notification ${outcome}`, { orderId });
}
