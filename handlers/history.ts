import { type OrderStatus, TRANSITIONS } from "./order";

/** What a write did to an order; `accept` and `notify` move it along no transition. */
export type Change = "accept" | "notify" | (typeof TRANSITIONS)[number]["change"];

/** One change of an order, or several alike. Never with a value of the request. */
export interface Entry {
  change: Change;
  /** In milliseconds since 1970; of several, the last. */
  at: number;
  attempt: number;
  /** The step, or wait, that it was about. */
  step?: string;
  /** An error's name, or how the order will end. */
  why?: string;
  /** Of a wait. */
  until?: number;
  /** How many alike this entry stands for. */
  count?: number;
  /** Of several, the first. */
  firstAt?: number;
}

/** An entry as clients see it; times are ISO 8601 in UTC. */
export interface HistoryEntry {
  at: string;
  change: Change;
  from?: OrderStatus;
  to: OrderStatus;
  attempt: number;
  step?: string;
  why?: string;
  until?: string;
  count?: number;
  firstAt?: string;
}

/** What a write does to the history: of `whole` it must be known that nobody else has added to it. */
export type HistoryChange = { append: Entry } | { whole: Entry[] };

export const MAX_HISTORY_ENTRIES = 50;
/** A redrive, and the claim or cancellation after it, add an entry without having seen how many there are. */
const MAX_SEEN_ENTRIES = MAX_HISTORY_ENTRIES - 2;

/** These alternate while attempts fail: each kind becomes one entry with a count. */
const REPEATED: readonly Change[] = ["claim", "begin undo", "release"];

/** Folds a repetition; of too many entries the oldest go, but for the first. */
export function withEntry(history: Entry[], entry: Entry): HistoryChange {
  const known = repetitionOf(history, entry);
  if (known >= 0) return { whole: history.with(known, folded(history[known], entry)) };
  if (history.length < MAX_SEEN_ENTRIES) return { append: entry };
  const newest = history.slice(2 - MAX_SEEN_ENTRIES);
  // A notification says nothing without the end before it.
  if (newest[0]?.change === "notify") newest.shift();
  return { whole: [...history.slice(0, 1), ...newest, entry] };
}

/** The last entry, or the one before it: where that is alike, and what stands after it alternates with it. */
function repetitionOf(history: Entry[], entry: Entry): number {
  if (!REPEATED.includes(entry.change)) return -1;
  const last = history.at(-1);
  if (last && isAlike(last, entry)) return history.length - 1;
  const before = history.at(-2);
  const alternates = last && REPEATED.includes(last.change) && before && isAlike(before, entry);
  return alternates ? history.length - 2 : -1;
}

function isAlike(a: Entry, b: Entry): boolean {
  return a.change === b.change && a.step === b.step && a.why === b.why;
}

function folded(known: Entry | undefined, entry: Entry): Entry {
  if (!known) return entry;
  return { ...entry, count: (known.count ?? 1) + 1, firstAt: known.firstAt ?? known.at };
}

/** The history of an order as clients see it, oldest first. */
export function historyEntries(history: Entry[]): HistoryEntry[] {
  let status: OrderStatus = "RECEIVED";
  return history.map((entry) => {
    const { change, at, until, firstAt, ...rest } = entry;
    const { from, to } = edgeOf(entry, status);
    status = to;
    return {
      at: timeText(at),
      change,
      ...(from && { from }),
      to,
      ...rest,
      ...(until !== undefined && { until: timeText(until) }),
      ...(firstAt !== undefined && { firstAt: timeText(firstAt) }),
    };
  });
}

function edgeOf(
  { change, attempt, count = 1 }: Entry,
  status: OrderStatus,
): { from?: OrderStatus; to: OrderStatus } {
  if (change === "accept") return { to: "RECEIVED" };
  if (change === "notify") return { from: status, to: status };
  const edges = TRANSITIONS.filter((each) => each.change === change);
  // The first claim, and a cancellation before it, are those of a RECEIVED order.
  const isOfReceived = attempt - (count - 1) === (change === "claim" ? 1 : 0);
  const edge = edges.find(({ from }) => (from === "RECEIVED") === isOfReceived);
  return edge ?? edges[0] ?? { from: status, to: status };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
