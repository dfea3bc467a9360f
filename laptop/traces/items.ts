import { isDeepStrictEqual } from "node:util";
import type { AwsCall } from "../aws-call";
import { dropOldest } from "../drop-oldest";
import type { TraceContext } from "./trace-header";
import type { Traces } from "./traces";

/** Items whose writes are remembered: those that were written last. */
export const MAX_ITEMS = 2_000;
/** Of one item: the first one, and the latest. */
export const MAX_WRITES = 100;

/** In DynamoDB's own JSON: `{ orderId: { S: "…" } }`. */
type Attributes = Readonly<Record<string, unknown>>;

/** A call has changed an item, or made or deleted it. */
export interface RecordedWrite {
  at: number;
  action: string;
  caller: string;
  /** Of the invocation that has made the call; undefined where none has. */
  invocation: { requestId: string; pid: number; receives: number | undefined } | undefined;
  trace: string | undefined;
  /** Attributes that have changed, as they were and as they are. */
  before: Attributes;
  after: Attributes;
}

export interface RecordedItem {
  table: string;
  key: Attributes;
  /** As it is now; undefined where it was deleted. */
  item: Attributes | undefined;
  /** Oldest first. */
  writes: RecordedWrite[];
  /** All that there have been. */
  writeCount: number;
  /** Counts up over all items, at each write. */
  changed: number;
}

/** What was written to the stack's tables. */
export interface Items {
  wrote(
    written: Pick<RecordedItem, "table" | "key" | "item"> & { id: string },
    call: Pick<AwsCall, "action" | "caller">,
    context: TraceContext | undefined,
  ): void;
  /** `id`: of table and key, as `wrote` has got it. */
  get(id: string): RecordedItem | undefined;
  /** Those that were written last come last. */
  all(): Iterable<[id: string, item: RecordedItem]>;
  /** The greatest `changed` of all. */
  readonly changes: number;
  clear(): void;
}

export function makeItems(traces: Traces): Items {
  const items = new Map<string, RecordedItem>();
  let changes = 0;
  return {
    wrote({ id, table, key, item }, { action, caller }, context) {
      const recorded = items.get(id) ?? unwritten(table, key);
      const span = traces.find(context?.parent);
      const { before, after } = changesBetween(recorded.item ?? {}, item ?? {});
      // No spreads: V8 would give each write a hidden class of its own.
      recorded.writes.push({
        at: Date.now(),
        action,
        caller,
        trace: context?.root,
        invocation: span?.kind === "invocation" ? invocationOf(span) : undefined,
        before,
        after,
      });
      if (recorded.writes.length > MAX_WRITES) recorded.writes.splice(1, 1);
      recorded.item = item;
      recorded.writeCount += 1;
      recorded.changed = changes += 1;
      items.delete(id);
      items.set(id, recorded);
      dropOldest(items, MAX_ITEMS);
      if (context) traces.wroteItem(context, id);
    },
    get: (id) => items.get(id),
    all: () => items.entries(),
    get changes() {
      return changes;
    },
    clear: () => items.clear(),
  };
}

function unwritten(table: string, key: Attributes): RecordedItem {
  return { table, key, item: undefined, writes: [], writeCount: 0, changed: 0 };
}

function invocationOf(span: { requestId: string; pid: number; receives?: number }) {
  const { requestId, pid, receives } = span;
  return { requestId, pid, receives };
}

function changesBetween(old: Attributes, now: Attributes) {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => !isDeepStrictEqual(old[name], now[name]));
  const only = (attributes: Attributes) =>
    Object.fromEntries(
      changed.filter((name) => name in attributes).map((name) => [name, attributes[name]]),
    );
  return { before: only(old), after: only(now) };
}
