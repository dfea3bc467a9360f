/** Everything about one order at one moment: the stored item, everybody at work on it, what happened. */
export interface State {
  order: Order;
  history: History;
  /** What clients, SQS and the operator may still do. */
  posts: number;
  duplicates: number;
  redrives: number;
  creations: Creation[];
  /** Messages in the queue, each as the number of times it was received. */
  messages: number[];
  workers: Worker[];
  reconcilers: Reconciler[];
  /** The item at the moment to which the table will be restored. */
  snapshot?: Order;
}

export const STATUSES = [
  "none",
  "RECEIVED",
  "PROCESSING",
  "COMPLETED",
  "REJECTED",
  "FAILED",
] as const;
export type Status = (typeof STATUSES)[number];
export type End = "COMPLETED" | "REJECTED" | "FAILED";

/** The fencing token: a worker's writes hold only as long as the order has the token of its claim. */
export interface Token {
  redrives: number;
  attempt: number;
}

export interface Order extends Token {
  status: Status;
  tries: number;
  /** leaseUntil lies in the future: a worker has the order, or had it and died, or it is in backoff. */
  isLeased: boolean;
  /** The lease is the backoff of a release: nobody has the order. Only invariants read it. */
  isInBackoff: boolean;
  /** It is in the index of open orders. */
  isOpen: boolean;
  /** checkAt lies in the past. */
  isDue: boolean;
  isNotified: boolean;
}

/** What really happened, for the invariants: no actor reads it. Counts are of the present life. */
export interface History {
  /** A bit for each end of each life that was published: see published(). */
  publications: number;
  /** Of the first and the second life. */
  stepRuns: readonly [number, number];
  stepClaims: number;
  undoClaims: number;
  undoRuns: number;
  hasUndone: boolean;
  /** The step returned, whether or not that was recorded. Only kept where limits are explored. */
  hasReturned: boolean;
  isRestored: boolean;
}

/** What an invocation of process-order does next. */
export const WORKER_STEPS = [
  "decide",
  "claim",
  "step",
  "complete",
  "release",
  "claim to give up",
  "undo",
  "fail",
  "fail without undo",
  "publish",
  "stamp",
  "delete",
  "hide",
] as const;

export interface Worker extends Token {
  at: (typeof WORKER_STEPS)[number];
  /** Its lease ran out while it was at work. It does not know. Only invariants read it. */
  isZombie: boolean;
  /** Of its message, this time included. */
  receives: number;
  /** What it found, or made of the order. */
  end: End;
}

export const CREATION_STEPS = ["put", "send"] as const;
export type Creation = (typeof CREATION_STEPS)[number];
export const RECONCILER_STEPS = ["postpone", "send"] as const;
export type Reconciler = (typeof RECONCILER_STEPS)[number];

export const NO_ORDER: Order = {
  status: "none",
  redrives: 0,
  attempt: 0,
  tries: 0,
  isLeased: false,
  isInBackoff: false,
  isOpen: false,
  isDue: false,
  isNotified: false,
};

export const NO_HISTORY: History = {
  publications: 0,
  stepRuns: [0, 0],
  stepClaims: 0,
  undoClaims: 0,
  undoRuns: 0,
  hasUndone: false,
  hasReturned: false,
  isRestored: false,
};

export function isEnd(status: Status): status is End {
  return status === "COMPLETED" || status === "REJECTED" || status === "FAILED";
}

export function sameToken(a: Token, b: Token): boolean {
  return a.redrives === b.redrives && a.attempt === b.attempt;
}

const ENDS: readonly End[] = ["COMPLETED", "REJECTED", "FAILED"];

/** The bit of this end of this life in History.publications. */
export function published(redrives: number, end: End): number {
  return 1 << (redrives * ENDS.length + ENDS.indexOf(end));
}

/** Whether two different ends of one life were published. */
export function isContradictory(publications: number): boolean {
  return [publications & 0b111, publications >> ENDS.length].some((life) => life & (life - 1));
}
