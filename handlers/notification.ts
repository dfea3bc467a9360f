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
  | "reason"
> & { redrives: number };

export function notificationOf(order: Order, redrives: number): Notification {
  const { orderId, customerId, status, totals, completedAt, rejectedAt, failedAt, reason } = order;
  return {
    orderId,
    customerId,
    status,
    redrives,
    ...(totals && { totals }),
    ...(completedAt !== undefined && { completedAt }),
    ...(rejectedAt !== undefined && { rejectedAt }),
    ...(failedAt !== undefined && { failedAt }),
    ...(reason !== undefined && { reason }),
  };
}

/** Subject line for an email: ASCII, under 100 characters, as SNS demands. */
export function subjectOf({ orderId, status }: Notification): string {
  if (status === "COMPLETED") return `Order ${orderId} is completed`;
  return `Order ${orderId} ${status === "REJECTED" ? "was rejected" : "could not be processed"}`;
}

/** What a person reads in an email or a text message. */
export function sentenceOf({ orderId, status, totals, reason = "" }: Notification): string {
  if (status === "COMPLETED") {
    return `Thank you! Your order ${orderId} is completed${totalsPhrase(totals)}.`;
  }
  return status === "REJECTED"
    ? `We are sorry: your order ${orderId} was rejected: ${reason}`
    : `We are sorry: your order ${orderId} could not be processed. We are looking into it.`;
}

function totalsPhrase(totals: Totals | undefined): string {
  if (!totals) return "";
  const units = `${totals.units} ${totals.units === 1 ? "unit" : "units"}`;
  return totals.amount === undefined ? `: ${units}` : `: ${units}, ${totals.amount} in total`;
}
