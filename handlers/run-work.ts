import { hasRoom, keepable, type Kept, keptAs, roomOf } from "./kept";
import { isToBeCancelled, type StoredOrder, type Written } from "./life";
import { misuseOf } from "./step-names";
import { untilOf, type WaitTime } from "./wait-time";
import type { Work } from "./work";

/** What a run does to the order, under the token of its claim. */
export interface WorkTable {
  keep(seen: StoredOrder, kept: Kept): Promise<Written>;
  /** Keeps the wait, if it is not kept, and leaves the order until it is over. */
  wait(seen: StoredOrder, kept: Kept & { kind: "wait" }): Promise<Written>;
  /** Whether the worker is likely to live long enough for another step. */
  hasTime(): boolean;
  now(): Date;
}

/** How a run ended; `stored` is the order as the run knows it. */
export type Run<T> =
  | { how: "returned"; value: T; stored: StoredOrder }
  | { how: "threw"; error: unknown; step: string | undefined; stored: StoredOrder }
  /** A result cannot be kept, whatever one does. */
  | { how: "unkeepable"; reason: string; stored: StoredOrder }
  /** It waits, is to be cancelled, or another worker has it. */
  | { how: "stopped"; stored: StoredOrder | undefined };

/** A run as it is under way. */
interface State<T> {
  kind: "step" | "undo";
  table: WorkTable;
  /** The order as it was written last. */
  seen: StoredOrder;
  /** The step or wait that has begun, and is not over. */
  underWay: string | undefined;
  /** The step that threw last. */
  failed: string | undefined;
  /** Whatever the run still does counts no more. */
  isOver: boolean;
  used: string[];
  stop(how: Run<T>): void;
  fail(error: unknown): void;
}

/**
 * Runs the business step, or its undo, on a claimed order. What ends the run from within a step or a wait
 * (not over yet, lease lost, to be cancelled) leaves that promise unsettled for ever: thrown, it would land
 * in somebody's `catch`. Rejects where the table cannot be written.
 */
export function runWork<T>(
  kind: "step" | "undo",
  claimed: StoredOrder,
  table: WorkTable,
  run: (work: Work) => Promise<T>,
): Promise<Run<T>> {
  const state: State<T> = {
    kind,
    table,
    seen: claimed,
    underWay: undefined,
    failed: undefined,
    isOver: false,
    used: [],
    stop: () => undefined,
    fail: () => undefined,
  };
  const stopped = new Promise<Run<T>>((resolve, reject: (error: Error) => void) => {
    state.stop = (how) => {
      state.isOver = true;
      resolve(how);
    };
    state.fail = (error) => {
      state.isOver = true;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
  });
  const work: Work = {
    idempotencyKey: (step) => idempotencyKey(claimed, step),
    step: (name, step) => stepOf(state, name, step),
    wait: (name, time) => waitOf(state, name, time),
  };
  return Promise.race([stopped, toItsEnd(state, run, work)]);
}

async function toItsEnd<T>(
  state: State<T>,
  run: (work: Work) => Promise<T>,
  work: Work,
): Promise<Run<T>> {
  try {
    const value = await run(work);
    const { underWay: step, seen: stored } = state;
    if (step === undefined) return { how: "returned", value, stored };
    const error = new Error(`it returned while "${step}" was under way: await each step`);
    return { how: "threw", error, step, stored };
  } catch (error) {
    return { how: "threw", error, step: state.failed, stored: state.seen };
  } finally {
    state.isOver = true;
  }
}

function stepOf<T, U>(
  state: State<T>,
  name: string,
  step: (idempotencyKey: string) => U | Promise<U>,
): Promise<U> {
  if (!mayBegin(state, name, state.kind)) return never();
  const known = keptAs(state.seen.kept, name);
  return known ? Promise.resolve(resultOf(known) as U) : newStep(state, name, step);
}

async function newStep<T, U>(
  state: State<T>,
  name: string,
  step: (idempotencyKey: string) => U | Promise<U>,
): Promise<U> {
  if (!state.table.hasTime()) {
    const error = new Error(`too little of the worker's time is left to begin "${name}"`);
    state.stop({ how: "threw", error, step: name, stored: state.seen });
    return never();
  }
  state.underWay = name;
  let result: U;
  try {
    result = await step(idempotencyKey(state.seen, name));
  } catch (error) {
    state.underWay = undefined;
    state.failed = name;
    throw error;
  }
  const kept = await keepResult(state, name, result);
  if (!kept) return never();
  state.underWay = undefined;
  return resultOf(kept) as U;
}

/** Undefined where the run is over. */
async function keepResult<T>(
  state: State<T>,
  name: string,
  result: unknown,
): Promise<Kept | undefined> {
  const { kind, table, seen } = state;
  if (state.isOver) return undefined;
  const keeps = keepable(result);
  if (!keeps.ok) {
    const reason = `The result of the step "${name}" cannot be kept as JSON: ${keeps.detail}.`;
    state.stop({ how: "unkeepable", reason, stored: seen });
    return undefined;
  }
  const { value } = keeps;
  const at = table.now().toISOString();
  const kept: Kept = { kind, name, at, ...(value !== undefined && { result: value }) };
  return (await isKept(state, kept, () => table.keep(seen, kept))) ? kept : undefined;
}

async function waitOf<T>(state: State<T>, name: string, time: WaitTime): Promise<void> {
  if (!mayBegin(state, name, "wait")) return never();
  const { table, seen } = state;
  const now = table.now();
  const known = keptAs(seen.kept, name);
  const until = known?.kind === "wait" ? known.until : untilOf(time, now);
  if (until === undefined) return misused(state, `the wait "${name}" has no time to end at`);
  const isOver = until <= now.getTime();
  if (known && isOver) return;
  const kept = { kind: "wait" as const, name, at: now.toISOString(), until };
  state.underWay = name;
  const isGoingOn = await isKept(state, kept, () =>
    isOver ? table.keep(seen, kept) : table.wait(seen, kept),
  );
  if (!isGoingOn) return never();
  state.underWay = undefined;
  if (isOver) return;
  state.stop({ how: "stopped", stored: state.seen });
  return never();
}

/** Whether it is kept, and the run goes on. */
async function isKept<T>(
  state: State<T>,
  kept: Kept,
  write: () => Promise<Written>,
): Promise<boolean> {
  if (!hasRoom(state.seen.kept, kept)) {
    const what = kept.kind === "undo" ? "an undo" : "an order";
    const most = `what is kept of ${what} may take ${roomOf(kept) / 1024} KiB`;
    const reason = `"${kept.name}" is too large to be kept: ${most}.`;
    state.stop({ how: "unkeepable", reason, stored: state.seen });
    return false;
  }
  try {
    const { ok, stored } = await write();
    if (stored) state.seen = stored;
    const isGoingOn = ok && stored && (state.kind === "undo" || !isToBeCancelled(stored));
    if (!isGoingOn) state.stop({ how: "stopped", stored });
  } catch (error) {
    state.fail(error);
  }
  return !state.isOver;
}

function mayBegin<T>(state: State<T>, name: string, as: Kept["kind"]): boolean {
  if (state.isOver) return false;
  const { underWay, used, seen } = state;
  const misuse = misuseOf(name, as, { underWay, used, known: keptAs(seen.kept, name) });
  state.used.push(name);
  if (misuse !== undefined) void misused(state, misuse);
  return misuse === undefined;
}

/** Fails the run, whatever the business step makes of it. */
function misused<T>(state: State<T>, sentence: string): Promise<never> {
  const { underWay: step, seen: stored } = state;
  state.stop({ how: "threw", error: new Error(sentence), step, stored });
  return never();
}

function idempotencyKey({ order, redrives }: StoredOrder, step: string): string {
  return `${order.orderId}/${redrives}/${step}`;
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** A copy: whoever changes it changes nothing that is kept. */
function resultOf(kept: Kept): unknown {
  return kept.kind === "wait" ? undefined : structuredClone(kept.result);
}
