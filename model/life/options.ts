import type { Bug } from "./bugs";

/** What the business step, or the undo, does when it is run. Its crashes by chance are faults. */
export type Behaviour =
  /** returns */
  | "ok"
  /** returns; throws as a fault */
  | "flaky"
  /** returns or throws, without any fault */
  | "mixed"
  | "throws"
  /** ends its process, each time */
  | "kills";

/** The kinds of transition, if any, by which it throws; and what else it may do. */
export function outcomes(behaviour: Behaviour, faults: boolean) {
  const flaky = faults ? ("fault" as const) : undefined;
  const throws = behaviour === "throws" || behaviour === "mixed" ? ("normal" as const) : undefined;
  return {
    returns: behaviour === "ok" || behaviour === "flaky" || behaviour === "mixed",
    throws: behaviour === "flaky" ? flaky : throws,
    kills: behaviour === "kills",
  };
}

export interface Options {
  maxAttempts: number;
  /** Of one message; then SQS moves it to the dead letters. */
  maxReceives: number;
  /** At once. */
  workers: number;
  /** Waiting or with a worker, at most: one more changes nothing, as all are alike. */
  messages: number;
  reconcilers: number;
  /** Invocations of create-order at once. */
  creations: number;
  /** POSTs with one key. */
  posts: number;
  /** Messages that SQS duplicates. */
  duplicates: number;
  /** By an operator. 0 or 1. */
  redrives: number;
  /** DELETEs by a client. 0 or 1. */
  cancels: number;
  /** Steps of fulfilOrder that are kept, 0 to 2. What comes after them is run and not kept. */
  steps: number;
  /** 0, or 1: after the first step, or at the start where there is none. */
  waits: number;
  /** Steps of abandonOrder that are kept. 0 or 1. */
  undoSteps: number;
  /** What fulfilOrder does, in each of its steps and after them. */
  step: Behaviour;
  /** Whether fulfilOrder, where it returns, may also reject the order. */
  rejects: boolean;
  undo: Behaviour;
  faults: boolean;
  /**
   * Restores the table to any earlier moment, once. Into a new table, as AWS does it: running
   * invocations do not write to it. Or in place: those of the old timeline go on writing.
   */
  restore: "none" | "into a new table" | "in place";
  bug?: Bug;
  /** Names what no condition on the table can prevent as if it were a violation. */
  limits: boolean;
}

export const DEFAULTS: Options = {
  maxAttempts: 2,
  maxReceives: 2,
  workers: 1,
  messages: 2,
  reconcilers: 1,
  creations: 1,
  posts: 1,
  duplicates: 1,
  redrives: 1,
  cancels: 0,
  steps: 0,
  waits: 0,
  undoSteps: 0,
  step: "flaky",
  rejects: true,
  undo: "flaky",
  faults: true,
  restore: "none",
  limits: false,
};

/** How many entries of fulfilOrder are kept when it has come to its end. */
export function keptAtTheEnd({ steps, waits }: Options): number {
  return steps + waits;
}

/** What fulfilOrder comes to when so many of its entries are kept. */
export function nextOf(kept: number, options: Options): "step" | "wait" | "end" {
  if (kept >= keptAtTheEnd(options)) return "end";
  return options.waits > 0 && kept === Math.min(options.steps, 1) ? "wait" : "step";
}
