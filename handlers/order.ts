/** Where an order is in its life. `TRANSITIONS` has the ways between them. */
export type OrderStatus = "RECEIVED" | "PROCESSING" | "COMPLETED" | "REJECTED" | "FAILED";

/** What moves an order on, from where to where: the one list of these. */
export const TRANSITIONS = [
  { step: "claim", from: "RECEIVED", to: "PROCESSING" },
  { step: "claim", from: "PROCESSING", to: "PROCESSING" },
  { step: "release", from: "PROCESSING", to: "PROCESSING" },
  { step: "complete", from: "PROCESSING", to: "COMPLETED" },
  { step: "reject", from: "PROCESSING", to: "REJECTED" },
  { step: "give up", from: "PROCESSING", to: "FAILED" },
  { step: "redrive", from: "FAILED", to: "RECEIVED" },
] as const;

export const END_STATUSES = ["COMPLETED", "REJECTED", "FAILED"] as const;
export type EndStatus = (typeof END_STATUSES)[number];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One line of an order. Fields that are not named here are the customer's own and stay unchanged. */
export interface OrderLine {
  sku?: string;
  quantity?: number;
  unitPrice?: number;
  [field: string]: Json | undefined;
}

/** What a client may send: the rest of an order is ours to set. */
export interface OrderRequest {
  customerId: string;
  items: OrderLine[];
  metadata?: Record<string, Json>;
}

/** `units`: sum of the quantities; `amount`: sum of quantity × unitPrice, in the currency of the prices. */
export interface Totals {
  units: number;
  amount?: number;
}

/** An order as clients see it. Times are ISO 8601 in UTC. */
export interface Order extends OrderRequest {
  orderId: string;
  status: OrderStatus;
  createdAt: string;
  updatedAt: string;
  totals?: Totals;
  completedAt?: string;
  rejectedAt?: string;
  failedAt?: string;
  /** Why it was rejected or failed. */
  reason?: string;
  notifiedAt?: string;
}

export const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function receivedOrder(request: OrderRequest, orderId: string, now: Date): Order {
  const at = now.toISOString();
  return { orderId, ...request, status: "RECEIVED", createdAt: at, updatedAt: at };
}

export function isEnd(status: OrderStatus): status is EndStatus {
  return END_STATUSES.some((end) => end === status);
}
