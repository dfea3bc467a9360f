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

/** An item's size as DynamoDB counts it: names and values; two digits of a number take a byte. */
export function sizeOf(item: Item): number {
  const sizes = Object.entries(item).map(([name, { S, N }]) => {
    if (S !== undefined) return Buffer.byteLength(name) + Buffer.byteLength(S);
    if (N !== undefined) return Buffer.byteLength(name) + Math.ceil(N.length / 2) + 1;
    throw new Error(`the attribute ${name} is neither text nor a number`);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
