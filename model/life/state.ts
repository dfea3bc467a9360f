/** Everything about one order at one moment: the stored item, everybody at work on it, what happened. */
export interface State {
  order: Order;
  history: History;
  /** What clients, SQS and the operator may still do. */
  posts: number;
  duplicates: number;
  redrives: number;
  cancels: number;
  creations: Creation[];
  /** Messages in the queue, each as the number of times it was received. */
  messages: number[];
  workers: Worker[];
  reconcilers: Reconciler[];
  cancellations: Cancellation[];
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
  "CANCELLED",
] as const;
export type Status = (typeof STATUSES)[number];
export const ENDS = ["COMPLETED", "REJECTED", "FAILED", "CANCELLED"] as const;
export type End = (typeof ENDS)[number];
/** How an order ends after its undo. */
export type Ending = Exclude<End, "COMPLETED">;
export const ENDINGS = ["none", "REJECTED", "FAILED", "CANCELLED"] as const;
export const PAUSES = ["none", "backoff", "wait"] as const;

/** The fencing token: a worker's writes hold only as long as the order has the token of its claim. */
export interface Token {
  redrives: number;
  attempt: number;
}

export interface Order extends Token {
  status: Status;
  /** Claims for attempts, and for the undo, since something was kept. */
  tries: number;
  undoTries: number;
  /** leaseUntil lies in the future: a worker has the order, or had it and died, or it pauses. */
  isLeased: boolean;
  /** Whether the lease is that of a release or of a wait: nobody has the order, it has no workUntil. */
  pause: (typeof PAUSES)[number];
  /** Set when the undo begins. */
  ending: (typeof ENDINGS)[number];
  isCancelRequested: boolean;
  /** Entries of fulfilOrder, steps and waits, and steps of the undo. */
  kept: number;
  keptOfUndo: number;
  /** It is in the index of open orders. */
  isOpen: boolean;
  /** checkAt lies in the past. */
  isDue: boolean;
  isNotified: boolean;
}

/** What really happened, for the invariants: no actor reads it. All but the first is of the present life. */
export interface History {
  /** A bit for each end of each life that was published: see published(). */
  publications: number;
  /** Claims for attempts since an entry was kept. */
  claims: number;
  /** Claims for the undo since a step of it was kept. A turn to the undo is one. */
  undoClaims: number;
  kept: number;
  keptOfUndo: number;
  hasBegunUndo: boolean;
  /** The undo returned, and nothing ran after it but zombies. */
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
  "keep",
  "turn",
  "complete",
  "release",
  "claim for undo",
  "undo",
  "keep of undo",
  "end",
  "end without undo",
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
  /** What it found, or makes of the order. */
  end: End;
  /** The entries that it knows to be kept, of fulfilOrder or of the undo: of what it runs. */
  kept: number;
}

export const CREATION_STEPS = ["put", "send"] as const;
export type Creation = (typeof CREATION_STEPS)[number];
export const RECONCILER_STEPS = ["postpone", "send"] as const;
export type Reconciler = (typeof RECONCILER_STEPS)[number];
export const CANCELLATION_STEPS = ["end", "request", "send"] as const;

/** An invocation of cancel-order, with the token that it saw. */
export interface Cancellation extends Token {
  at: (typeof CANCELLATION_STEPS)[number];
}

export const NO_ORDER: Order = {
  status: "none",
  redrives: 0,
  attempt: 0,
  tries: 0,
  undoTries: 0,
  isLeased: false,
  pause: "none",
  ending: "none",
  isCancelRequested: false,
  kept: 0,
  keptOfUndo: 0,
  isOpen: false,
  isDue: false,
  isNotified: false,
};

export const NO_HISTORY: History = {
  publications: 0,
  claims: 0,
  undoClaims: 0,
  kept: 0,
  keptOfUndo: 0,
  hasBegunUndo: false,
  hasUndone: false,
  hasReturned: false,
  isRestored: false,
};

/** A worker that has just received a message, or has nothing to do with the order any more. */
export const NOTHING_KNOWN = {
  isZombie: false,
  redrives: 0,
  attempt: 0,
  end: "FAILED",
  kept: 0,
} as const;

export function isEnd(status: Status): status is End {
  return (ENDS as readonly Status[]).includes(status);
}

export function sameToken(a: Token, b: Token): boolean {
  return a.redrives === b.redrives && a.attempt === b.attempt;
}

/** The worker with this token has the order. */
export function isHeldBy(order: Order, token: Token): boolean {
  return order.status === "PROCESSING" && sameToken(order, token);
}

/** The bit of this end of this life in History.publications. */
export function published(redrives: number, end: End): number {
  return 1 << (redrives * ENDS.length + ENDS.indexOf(end));
}

/** Whether two different ends of one life were published. */
export function isContradictory(publications: number): boolean {
  return [publications & 0b1111, publications >> ENDS.length].some((life) => life & (life - 1));
}
