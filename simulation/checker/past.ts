import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type Entry, historyEntries } from "../../handlers/history";
import type { ObservedOrder } from "./observed-orders";
import type { Row, Write } from "./row";
import type { Watch } from "./watch";

// Written down once more, so that another in handlers/ is noticed.
const MAX_ENTRIES = 50;
/** Two writes in a row know nothing of the history; and a notification goes with the end before it. */
const MIN_SHORTENED = MAX_ENTRIES - 3;

/** Each write adds one entry to the order's history, or one to an entry's count; a look adds none. */
export function checkHistory(
  { violated }: Watch,
  order: ObservedOrder,
  { by, before: { history: before }, after: { history: after } }: Write,
): void {
  const isLook = by.key.startsWith("reconcile-orders ");
  if (after.length > MAX_ENTRIES) violated("I14", order, `${after.length} entries of history`);
  if (isLook && before === after) return;
  const expected = countOf(before) + (isLook ? 0 : 1);
  const isShortened = after.length <= before.length && after.at(-1)?.S !== before.at(-1)?.S;
  if (countOf(after) !== expected && !isShortened) {
    violated("I14", order, "a write that is not in its history");
  }
}

/** Of most histories all entries but the last stay as they are. */
const COUNTS = new WeakMap<readonly AttributeValue[], number>();

function countOf(history: readonly AttributeValue[]): number {
  let count = COUNTS.get(history);
  if (count === undefined) {
    count = history.reduce((sum, entry) => sum + entryOf(entry).count, 0);
    COUNTS.set(history, count);
  }
  return count;
}

type StoredEntry = [Entry["change"], number, number, Partial<Entry>?];

function entryOf({ S = "" }: AttributeValue): Entry & { count: number } {
  const [change, at, attempt, rest] = JSON.parse(S) as StoredEntry;
  return { change, at, attempt, count: 1, ...rest };
}

/** As clients see it: each entry begins where the one before it has ended, up to what the order is. */
export function checkWholeHistory({ violated }: Watch, order: ObservedOrder, row: Row): void {
  const entries = historyEntries(row.history.map(entryOf));
  const isShortened = entries.length >= MIN_SHORTENED;
  for (const [i, { from }] of entries.entries()) {
    const isAfterGap = isShortened && i === 1;
    if (!isAfterGap && from !== entries[i - 1]?.to) {
      violated("I14", order, `its history goes on from ${from ?? "nothing"} at ${i}`);
    }
  }
  if (entries.at(-1)?.to !== row.status) violated("I14", order, "its history ends otherwise");
}
