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

const TEXTS = [
  "orderId",
  "customerId",
  "status",
  "createdAt",
  "updatedAt",
  "completedAt",
  "failedAt",
  "failureReason",
  "notifiedAt",
] as const;

// Stored as JSON text: DynamoDB's own types would not give every number and nesting back unchanged.
const DOCUMENTS = ["items", "metadata", "totals"] as const;

export function toItem(order: Order, fingerprint: string): Item {
  const item: Item = { fingerprint: { S: fingerprint } };
  for (const name of TEXTS) if (order[name] !== undefined) item[name] = { S: order[name] };
  for (const name of DOCUMENTS)
    if (order[name] !== undefined) item[name] = documentValue(order[name]);
  return item;
}

export function documentValue(value: object): AttributeValue {
  return { S: JSON.stringify(value) };
}

/** Trusts the table: only these handlers write it. */
export function fromItem(item: Item): StoredOrder {
  const texts = TEXTS.flatMap((name) =>
    item[name]?.S === undefined ? [] : [[name, item[name].S]],
  );
  const documents = DOCUMENTS.flatMap((name) =>
    item[name]?.S === undefined ? [] : [[name, JSON.parse(item[name].S) as unknown]],
  );
  return {
    order: Object.fromEntries([...texts, ...documents]) as Order,
    fingerprint: item["fingerprint"]?.S ?? "",
    attempt: Number(item["attempt"]?.N ?? 0),
    leaseExpiresAt: Number(item["leaseExpiresAt"]?.N ?? 0),
  };
}
