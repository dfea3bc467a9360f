import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./expressions/values";

/** A global secondary index. */
export interface IndexOptions {
  name: string;
  /** Its partition key, a text. */
  partition: string;
  /** Its sort key, a number. */
  sort: string;
  /** What its entries have besides the keys. */
  projected: readonly string[];
}

export interface Entry {
  /** Of the table. */
  key: string;
  sort: number;
  /** The keys and what is projected. */
  item: Item;
}

/** The entries of each partition, in order: items that lack a key of the index have none. */
export function makeTableIndex(tableKey: string, { partition, sort, projected }: IndexOptions) {
  const partitions = new Map<string, Entry[]>();
  const kept = [...new Set([tableKey, partition, sort, ...projected])];

  const partitionOf = (item: Item | undefined) =>
    item?.[sort] === undefined ? undefined : item[partition]?.S;

  function remove(before: Item, name: string): void {
    const entries = partitions.get(name) ?? [];
    entries.splice(positionOf(entries, sortOf(before), keyOf(before)), 1);
  }

  function add(after: Item, name: string): void {
    let entries = partitions.get(name);
    if (!entries) partitions.set(name, (entries = []));
    const entry = entryOf(after);
    entries.splice(positionOf(entries, entry.sort, entry.key), 0, entry);
  }

  const sortOf = (item: Item) => Number(item[sort]?.N);
  const keyOf = (item: Item) => item[tableKey]?.S ?? "";

  function entryOf(item: Item): Entry {
    const attributes: Record<string, AttributeValue> = {};
    for (const name of kept) {
      const value = item[name];
      if (value) attributes[name] = value;
    }
    return { key: keyOf(item), sort: sortOf(item), item: Object.freeze(attributes) };
  }

  return {
    write(before: Item | undefined, after: Item | undefined): void {
      if (kept.every((name) => before?.[name] === after?.[name])) return;
      const from = partitionOf(before);
      const to = partitionOf(after);
      if (before && from !== undefined) remove(before, from);
      if (after && to !== undefined) add(after, to);
    },
    /** `overwritten`: by table key, items that are to be seen instead of those of now. */
    entries(name: string, overwritten?: ReadonlyMap<string, Item | undefined>): readonly Entry[] {
      const now = partitions.get(name) ?? [];
      if (!overwritten || overwritten.size === 0) return now;
      const entries = now.filter(({ key }) => !overwritten.has(key));
      for (const item of overwritten.values()) {
        if (item && partitionOf(item) === name) entries.push(entryOf(item));
      }
      return entries.sort((a, b) => a.sort - b.sort || (a.key < b.key ? -1 : 1));
    },
    clear: () => partitions.clear(),
  };
}

/** Where the entry is, or has to go. */
function positionOf(entries: readonly Entry[], sort: number, key: string): number {
  let from = 0;
  let to = entries.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const entry = entries[middle];
    if (entry && (entry.sort < sort || (entry.sort === sort && entry.key < key))) from = middle + 1;
    else to = middle;
  }
  return from;
}
