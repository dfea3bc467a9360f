import type { Order, Totals } from "./order";

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

/** Subject line for an email: ASCII, under 100 characters, as SNS demands. */
export function subjectOf({ orderId, status }: Notification): string {
  switch (status) {
    case "COMPLETED":
      return `Order ${orderId} is completed`;
    case "REJECTED":
      return `Order ${orderId} was rejected`;
    case "CANCELLED":
      return `Order ${orderId} is cancelled`;
    case "FAILED":
    case "RECEIVED":
    case "PROCESSING":
      return `Order ${orderId} could not be processed`;
  }
}

/** What a person reads in an email or a text message. */
export function sentenceOf({ orderId, status, totals, reason = "" }: Notification): string {
  switch (status) {
    case "COMPLETED":
      return `Thank you! Your order ${orderId} is completed${totalsPhrase(totals)}.`;
    case "REJECTED":
      return `We are sorry: your order ${orderId} was rejected: ${reason}`;
    case "CANCELLED":
      return `Your order ${orderId} is cancelled, as you asked.`;
    case "FAILED":
    case "RECEIVED":
    case "PROCESSING":
      return `We are sorry: your order ${orderId} could not be processed. We are looking into it.`;
  }
}

function totalsPhrase(totals: Totals | undefined): string {
  if (!totals) return "";
  const units = `${totals.units} ${totals.units === 1 ? "unit" : "units"}`;
  return totals.amount === undefined ? `: ${units}` : `: ${units}, ${totals.amount} in total`;
}
