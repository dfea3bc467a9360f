import { UNDO_FAILURE } from "./life";
import { isEnd, type Order } from "./order";
import { type Language, textsIn } from "./texts/language";

/**
 * What subscribers of the topic receive. `customerId` and `status` are message attributes too.
 * `(orderId, redrives, status)` tells a repetition; of two ends of one order, the later one has more
 * `redrives`.
 */
export type Notification = Pick<
  Order,
  | "orderId"
  | "customerId"
  | "status"
  | "totals"
  | "completedAt"
  | "rejectedAt"
  | "failedAt"
  | "cancelledAt"
  | "reason"
  | "undoFailed"
> & { redrives: number };

export function notificationOf(order: Order, redrives: number): Notification {
  const { orderId, customerId, status, totals, reason, undoFailed } = order;
  const { completedAt, rejectedAt, failedAt, cancelledAt } = order;
  return {
    orderId,
    customerId,
    status,
    redrives,
    ...(totals && { totals }),
    ...(completedAt !== undefined && { completedAt }),
    ...(rejectedAt !== undefined && { rejectedAt }),
    ...(failedAt !== undefined && { failedAt }),
    ...(cancelledAt !== undefined && { cancelledAt }),
    ...(reason !== undefined && { reason }),
    ...(undoFailed && { undoFailed }),
  };
}

/** What a customer reads of it, by where it is read. */
export function customerTexts(
  notification: Notification,
  language: Language,
): { subject: string; email: string; sms: string } {
  const { orderId, status, totals } = notification;
  const end = isEnd(status) ? status : "FAILED";
  const texts = textsIn(language, { orderId, totals, reason: reasonForCustomer(notification) });
  const sentence = texts.sentence[end];
  return { subject: texts.subject[end], email: sentence, sms: texts.sms(sentence) };
}

/** What `withoutUndo` adds to a reason is for whoever must look, and English. */
function reasonForCustomer({ reason = "", undoFailed }: Notification): string {
  return undoFailed ? reason.replace(UNDO_FAILURE, "").trimEnd() : reason;
}
