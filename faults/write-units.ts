import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type Item, SHELVES } from "../handlers/aws/stored-order";

const UNIT_BYTES = 1024;
const KEYS = ["orderId", SHELVES.partition, SHELVES.sort];

/** What one write of an item costs in DynamoDB, in write units: the item's own and those of its index entry. */
export function writeUnits(before: Item | undefined, after: Item): { item: number; index: number } {
  const bytes = Math.max(sizeOf(before ?? {}), sizeOf(after));
  return { item: unitsOf(bytes), index: indexUnits(entryOf(before), entryOf(after)) };
}

/** An entry is small: one unit for each write of it. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  if (!before || !after) return before === after ? 0 : 1;
  if (KEYS.some((name) => !isSame(before[name], after[name]))) return 2;
  return SHELVES.projected.some((name) => !isSame(before[name], after[name])) ? 1 : 0;
}

function entryOf(item: Item | undefined): Item | undefined {
  return item && KEYS.every((name) => name in item) ? item : undefined;
}

function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / UNIT_BYTES);
}

/**
 * An item's size as DynamoDB counts it: names and values; two digits of a number take a byte, a list three
 * and one for each of what it has.
 */
export function sizeOf(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + bytesOf(value)));
}

function bytesOf({ S, N, L, BOOL }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (L !== undefined) return 3 + sum(L.map((value) => 1 + bytesOf(value)));
  if (BOOL !== undefined) return 1;
  throw new Error("an attribute has a type that no order has");
}

function sum(sizes: number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
