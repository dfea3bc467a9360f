import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Change, Entry } from "../history";
import type { Kept } from "../kept";
import type { Ending, StoredOrder } from "../life";
import type { OrderSummary } from "../list-orders";
import type { Json, Order, Progress } from "../order";

export type Item = Record<string, AttributeValue>;

/**
 * The sparse index over orders' shelves: `open-0` to `open-f` are the orders that have not both ended and
 * been notified, by `checkAt`; `failed-0` to `failed-f` the FAILED ones, by the time of their failure.
 * All others have no shelf. Sixteen partitions each, so that no single one is a bottleneck.
 */
export const SHELVES = {
  index: "shelves",
  partition: "shelf",
  sort: "checkAt",
  /** What an entry has besides its keys. */
  projected: ["createdAt", "overdueSince"],
};

/** The index over a customer's orders, by the time at which they were accepted; only where there are customers. */
export const CUSTOMERS = {
  index: "customers",
  partition: "customerId",
  sort: "createdAt",
  /** What GET /orders shows besides its keys: each change of one of these is another write. */
  projected: [
    "status",
    "cancelRequestedAt",
    "totals",
    "completedAt",
    "rejectedAt",
    "failedAt",
    "cancelledAt",
    "reason",
    "undoFailed",
  ],
};

export const SHELF_DIGITS = "0123456789abcdef";

export function openShelf(orderId: string): string {
  return `open-${orderId.charAt(0)}`;
}

export function failedShelf(orderId: string): string {
  return `failed-${orderId.charAt(0)}`;
}

/** In the order in which clients see them. */
const FIELDS = [
  "orderId",
  "customerId",
  "items",
  "metadata",
  "status",
  "createdAt",
  "updatedAt",
  "cancelRequestedAt",
  "totals",
  "completedAt",
  "rejectedAt",
  "failedAt",
  "cancelledAt",
  "reason",
  "notifiedAt",
] as const;

// Stored as JSON text: DynamoDB's own types would not give every number and nesting back unchanged.
const DOCUMENTS: readonly string[] = ["items", "metadata", "totals"];

/** What clients see of an order, as attributes. */
export function orderAttributes(order: Order): Item {
  const attributes: Item = {};
  for (const name of FIELDS) {
    const value = order[name];
    if (value !== undefined) {
      attributes[name] = typeof value === "string" ? text(value) : document(value);
    }
  }
  return attributes;
}

export function text(value: string): AttributeValue {
  return { S: value };
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

export function document(value: object): AttributeValue {
  return { S: JSON.stringify(value) };
}

export function numberIn(item: Item, name: string): number {
  return Number(item[name]?.N ?? 0);
}

/** A list of JSON texts. */
export function documents(values: object[]): AttributeValue {
  return { L: values.map(document) };
}

function documentsIn<T>(item: Item, name: string): T[] {
  return (item[name]?.L ?? []).map(({ S = "" }) => parseDocument(name, S) as T);
}

export type StoredKept = [Kept["kind"], string, number, (Json | undefined)?];

/** Short, as every write of an order is paid for by its size. The last is a result, or the end of a wait. */
export function storedKept(kept: Kept): StoredKept {
  const { kind, name, at } = kept;
  const last = kept.kind === "wait" ? kept.until : kept.result;
  const time = Date.parse(at);
  return last === undefined ? [kind, name, time] : [kind, name, time, last];
}

export function keptIn([kind, name, time, last]: StoredKept): Kept {
  const at = new Date(time).toISOString();
  if (kind === "wait") return { kind, name, at, until: Number(last) };
  return { kind, name, at, ...(last !== undefined && { result: last }) };
}

type StoredEntry = [Change, number, number, Omit<Entry, "change" | "at" | "attempt">?];

export function storedEntry({ change, at, attempt, ...rest }: Entry): StoredEntry {
  return Object.keys(rest).length === 0 ? [change, at, attempt] : [change, at, attempt, rest];
}

/** Trusts the table: only these handlers write it. */
export function storedOrder(item: Item): StoredOrder {
  const kept = documentsIn<StoredKept>(item, "kept").map(keptIn);
  const ending = item["ending"]?.S;
  return {
    order: orderIn(item, progressOf(kept)),
    fingerprint: item["fingerprint"]?.S ?? "",
    redrives: numberIn(item, "redrives"),
    attempt: numberIn(item, "attempt"),
    tries: numberIn(item, "tries"),
    undoTries: numberIn(item, "undoTries"),
    workUntil: numberIn(item, "workUntil"),
    leaseUntil: numberIn(item, "leaseUntil"),
    checkAt: numberIn(item, "checkAt"),
    writeId: item["writeId"]?.S ?? "",
    kept,
    ending: ending === undefined ? undefined : (parseDocument("ending", ending) as Ending),
    history: documentsIn<StoredEntry>(item, "history").map(([change, at, attempt, rest]) => ({
      change,
      at,
      attempt,
      ...rest,
    })),
  };
}

/** Of an entry of the index of customers. */
export function orderSummary(item: Item): OrderSummary {
  return orderIn(item, []);
}

function orderIn(item: Item, progress: Progress[]): Order {
  const order: Record<string, unknown> = {};
  for (const name of FIELDS) {
    const value = item[name]?.S;
    if (value !== undefined) {
      order[name] = DOCUMENTS.includes(name) ? parseDocument(name, value) : value;
    }
    if (name === "updatedAt" && progress.length > 0) order["progress"] = progress;
    if (name === "reason" && item["undoFailed"]) order["undoFailed"] = true;
  }
  return order as unknown as Order;
}

function progressOf(kept: Kept[]): Progress[] {
  return kept.filter(({ kind }) => kind === "step").map(({ name, at }) => ({ step: name, at }));
}

function parseDocument(name: string, value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // V8's message quotes the text, and would be logged.
    throw new Error(`the stored order's ${name} is not JSON: something else wrote it`);
  }
}
