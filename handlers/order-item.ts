import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Order } from "./order";

/** Name, partition key and sort key of the sparse index that holds the FAILED orders only. */
export const FAILED_INDEX = {
  name: "failed-orders",
  partition: "failedPartition",
  sort: "failedAt",
};

export type Item = Record<string, AttributeValue>;

/** An order with its bookkeeping, which never leaves the table. */
export interface StoredOrder {
  order: Order;
  fingerprint: string;
  attempt: number;
  /** Milliseconds since 1970; 0 when nobody holds the order. */
  leaseExpiresAt: number;
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
  "totals",
  "completedAt",
  "failedAt",
  "failureReason",
  "notifiedAt",
] as const;

// Stored as JSON text: DynamoDB's own types would not give every number and nesting back unchanged.
const DOCUMENTS: readonly string[] = ["items", "metadata", "totals"];

export function toItem(order: Order, fingerprint: string): Item {
  const fields = FIELDS.flatMap((name): [string, AttributeValue][] => {
    const value = order[name];
    if (value === undefined) return [];
    return [[name, typeof value === "string" ? { S: value } : documentValue(value)]];
  });
  return { ...Object.fromEntries(fields), fingerprint: { S: fingerprint } };
}

export function documentValue(value: object): AttributeValue {
  return { S: JSON.stringify(value) };
}

function parseDocument(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // V8's message quotes the text, and would be logged.
    throw new Error(`the stored order's ${name} is not JSON: who has written it?`);
  }
}

/** Trusts the table: only these handlers write it. */
export function fromItem(item: Item): StoredOrder {
  const fields = FIELDS.flatMap((name): [string, unknown][] => {
    const text = item[name]?.S;
    if (text === undefined) return [];
    return [[name, DOCUMENTS.includes(name) ? parseDocument(name, text) : text]];
  });
  return {
    order: Object.fromEntries(fields) as unknown as Order,
    fingerprint: item["fingerprint"]?.S ?? "",
    attempt: Number(item["attempt"]?.N ?? 0),
    leaseExpiresAt: Number(item["leaseExpiresAt"]?.N ?? 0),
  };
}
