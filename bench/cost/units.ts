import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

/** An index as a write sees it. */
export interface IndexShape {
  /** Of the index and of its table: an entry has them all, and an item without one has no entry. */
  keys: readonly string[];
  /** What an entry has besides. */
  projected: readonly string[] | "all";
}

/** Write units: the item's own, and those of its entries in indexes. */
export interface WriteUnits {
  item: number;
  index: number;
}

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;
/** SQS and SNS bill each of these of a payload as a request. */
const CHUNK_BYTES = 64 * 1024;

/** What one write of an item costs in DynamoDB. */
export function writeUnits(
  before: Item | undefined,
  after: Item | undefined,
  indexes: readonly IndexShape[],
): WriteUnits {
  return {
    item: unitsOf(before, after),
    index: sum(indexes.map((index) => indexUnits(entryOf(before, index), entryOf(after, index)))),
  };
}

/** What a read of so many bytes costs, also where it finds nothing. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5);
}

/** How many requests SQS or SNS make of a payload. */
export function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

/** An entry whose key changes is deleted, and another one is put. */
function indexUnits(before: Entry | undefined, after: Entry | undefined): number {
  const [old, now] = [before?.item, after?.item];
  if (before && after && before.key !== after.key) {
    return unitsOf(old, undefined) + unitsOf(undefined, now);
  }
  return JSON.stringify(old) === JSON.stringify(now) ? 0 : unitsOf(old, now);
}

interface Entry {
  key: string;
  item: Item;
}

function entryOf(item: Item | undefined, { keys, projected }: IndexShape): Entry | undefined {
  if (!item || !keys.every((name) => name in item)) return undefined;
  const names = projected === "all" ? Object.keys(item) : [...keys, ...projected];
  const valuesOf = (each: readonly string[]) => each.map((name) => [name, item[name]]);
  const present = valuesOf(names.toSorted()).filter(([, value]) => value !== undefined);
  return {
    key: JSON.stringify(valuesOf(keys)),
    item: Object.fromEntries(present) as Item,
  };
}

function unitsOf(before: Item | undefined, after: Item | undefined): number {
  const bytes = Math.max(sizeOf(before ?? {}), sizeOf(after ?? {}));
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/**
 * An item's size as DynamoDB counts it: names and values; two digits of a number take a byte, a list or map
 * three and one for each of what it has.
 */
export function sizeOf(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + bytesOf(value)));
}

function bytesOf({ S, N, L, M, BOOL, NULL }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (L !== undefined) return 3 + sum(L.map((value) => 1 + bytesOf(value)));
  if (M !== undefined) return 3 + Object.keys(M).length + sizeOf(M);
  if (BOOL !== undefined || NULL !== undefined) return 1;
  throw new Error("an attribute has a type whose size is not known here");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
