import type { LifePolicy, StoredOrder } from "../../handlers/life";
import type { Order, OrderRequest } from "../../handlers/order";

export const NOW = new Date("2026-01-02T03:04:05.678Z");
export const ORDER_ID = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";

export const aRequest: OrderRequest = {
  customerId: "customer-1",
  items: [{ sku: "tea", quantity: 3, unitPrice: 0.1 }],
};

export function anOrder(fields: Partial<Order> = {}): Order {
  return {
    orderId: ORDER_ID,
    ...aRequest,
    status: "RECEIVED",
    createdAt: NOW.toISOString(),
    updatedAt: NOW.toISOString(),
    ...fields,
  };
}

export function completedOrder(fields: Partial<Order> = {}): Order {
  const totals = { units: 3, amount: 0.3 };
  return anOrder({ status: "COMPLETED", completedAt: NOW.toISOString(), totals, ...fields });
}

/** A RECEIVED order that nobody has claimed, to be looked at two minutes from NOW. */
export function aStoredOrder(
  order: Partial<Order> = {},
  bookkeeping: Partial<Omit<StoredOrder, "order">> = {},
): StoredOrder {
  return {
    order: anOrder(order),
    fingerprint: "fingerprint",
    redrives: 0,
    attempt: 0,
    tries: 0,
    undoTries: 0,
    workUntil: 0,
    leaseUntil: 0,
    checkAt: NOW.getTime() + 120_000,
    writeId: "put",
    kept: [],
    ending: undefined,
    history: [],
    ...bookkeeping,
  };
}

/** With the times of the real one. */
export const POLICY: LifePolicy = {
  maxAttempts: 20,
  timeoutSeconds: 30,
  backoffSeconds: 10,
  maxBackoffSeconds: 3600,
  firstCheckSeconds: 120,
  nextCheckSeconds: 300,
};

export function isNotified({ notifiedAt }: Order): boolean {
  return notifiedAt !== undefined;
}
