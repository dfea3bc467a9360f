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

/** What is wrong in a model with a planted bug. Each is found by at least one invariant. */
export type Bug =
  | "put opens nothing"
  | "claim ignores the lease"
  | "claim asks for the token alone, not for the lease"
  | "claim asks for the token alone, not for the status"
  | "claim takes FAILED"
  | "claim ignores maxAttempts"
  | "claim counts at release"
  | "complete ignores the token"
  | "complete compares the attempt alone"
  | "release ignores the token"
  | "release writes no backoff"
  | "stamp before publish"
  | "stamp ignores the life"
  | "end leaves the index"
  | "reconciler moves what is not open"
  | "no reconciler"
  | "redrive keeps the life"
  | "redrive keeps tries"
  | "dead letter fails the order"
  | "no giving up"
  | "undo without a claim"
  | "undo ignores the lease"
  | "undo after FAILED"
  | "undo without a bound"
  | "undo after one attempt too few"
  | "undo that threw counts as returned"
  | "giving up keeps attempt"
  | "giving up keeps tries"
  | "fail ignores the token"
  | "fail without undo after one try";

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
  step: Behaviour;
  /** Whether the step, where it returns, may also reject the order. */
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
  step: "flaky",
  rejects: true,
  undo: "flaky",
  faults: true,
  restore: "none",
  limits: false,
};
