import { createHash } from "crypto";

/** The life of an order. The edges are listed in docs/architecture.md. */
export type OrderStatus = "RECEIVED" | "PROCESSING" | "COMPLETED" | "FAILED";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One line of an order. Fields that are not named here are the customer's own and stay unchanged. */
export interface OrderItem {
  sku?: string;
  quantity?: number;
  unitPrice?: number;
  [field: string]: Json | undefined;
}

/** What a client may send: the rest of an order is ours to set. */
export interface OrderRequest {
  customerId: string;
  items: OrderItem[];
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
  failedAt?: string;
  failureReason?: string;
  notifiedAt?: string;
}

/** What subscribers of the topic receive. `customerId` and `status` are message attributes too. */
export type Notification = Pick<
  Order,
  "orderId" | "customerId" | "status" | "totals" | "completedAt" | "failedAt" | "failureReason"
>;

export const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** As the table and all messages have times. */
export const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function receivedOrder(request: OrderRequest, orderId: string, now: Date): Order {
  const at = now.toISOString();
  return { orderId, ...request, status: "RECEIVED", createdAt: at, updatedAt: at };
}

/**
 * The order that a customer's idempotency key stands for: a UUID (version 8, RFC 9562) made of the
 * SHA-256 of both, so that a repeated request meets the first one at the same primary key.
 */
export function orderIdFor(customerId: string, idempotencyKey: string): string {
  const hash = sha256(JSON.stringify([customerId, idempotencyKey]));
  const variant = "89ab".charAt(parseInt(hash.charAt(16), 16) % 4);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join("-");
}

/** SHA-256 of the request, blind to the order of keys in its objects. */
export function fingerprintOf(request: OrderRequest): string {
  return sha256(JSON.stringify(request, sortKeys));
}

export function notificationOf(order: Order): Notification {
  const { orderId, customerId, status, totals, completedAt, failedAt, failureReason } = order;
  return {
    orderId,
    customerId,
    status,
    ...(totals && { totals }),
    ...(completedAt !== undefined && { completedAt }),
    ...(failedAt !== undefined && { failedAt }),
    ...(failureReason !== undefined && { failureReason }),
  };
}

/** Subject line for an email: ASCII, under 100 characters, as SNS demands. */
export function subjectOf({ orderId, status }: Notification): string {
  return `Order ${orderId} ${status === "COMPLETED" ? "is completed" : "could not be processed"}`;
}

/** What a person reads in an email or a text message. */
export function sentenceOf(notification: Notification): string {
  if (notification.status !== "COMPLETED") {
    return `We are sorry: your order ${notification.orderId} could not be processed. We are looking into it.`;
  }
  return `Thank you! Your order ${notification.orderId} is completed${totalsPhrase(notification.totals)}.`;
}

function totalsPhrase(totals: Totals | undefined): string {
  if (!totals) return "";
  const units = `${totals.units} ${totals.units === 1 ? "unit" : "units"}`;
  return totals.amount === undefined ? `: ${units}` : `: ${units}, ${totals.amount} in total`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sortKeys(_key: string, value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
