export const END_STATUSES = ["COMPLETED", "REJECTED", "FAILED", "CANCELLED"] as const;
export type EndStatus = (typeof END_STATUSES)[number];

/** Where an order is in its life. `TRANSITIONS` has the ways between them. */
export const ORDER_STATUSES = ["RECEIVED", "PROCESSING", ...END_STATUSES] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What moves an order on, from where to where: the one list of these. */
export const TRANSITIONS = [
  { change: "claim", from: "RECEIVED", to: "PROCESSING" },
  { change: "claim", from: "PROCESSING", to: "PROCESSING" },
  { change: "keep", from: "PROCESSING", to: "PROCESSING" },
  { change: "wait", from: "PROCESSING", to: "PROCESSING" },
  { change: "release", from: "PROCESSING", to: "PROCESSING" },
  { change: "ask to cancel", from: "PROCESSING", to: "PROCESSING" },
  { change: "begin undo", from: "PROCESSING", to: "PROCESSING" },
  { change: "complete", from: "PROCESSING", to: "COMPLETED" },
  { change: "reject", from: "PROCESSING", to: "REJECTED" },
  { change: "give up", from: "PROCESSING", to: "FAILED" },
  { change: "cancel", from: "PROCESSING", to: "CANCELLED" },
  { change: "cancel", from: "RECEIVED", to: "CANCELLED" },
  { change: "redrive", from: "FAILED", to: "RECEIVED" },
] as const;

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

/** A step that is done, by the name that the business step has given it. */
export interface Progress {
  step: string;
  at: string;
}

/** An order as clients see it. Times are ISO 8601 in UTC. */
export interface Order extends OrderRequest {
  orderId: string;
  status: OrderStatus;
  createdAt: string;
  updatedAt: string;
  /** The steps of the business step whose results are kept, oldest first. */
  progress?: Progress[];
  /** From then on no new step starts; it becomes CANCELLED after its undo. */
  cancelRequestedAt?: string;
  totals?: Totals;
  completedAt?: string;
  rejectedAt?: string;
  failedAt?: string;
  cancelledAt?: string;
  /** Why it was rejected or failed. */
  reason?: string;
  /** What had been done for it may not be undone: a person must look. */
  undoFailed?: true;
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
