import type { Entry } from "./history";
import type { Kept } from "./kept";
import { isEnd, type Order, type Totals } from "./order";

/** An order with its bookkeeping, which never leaves the pipeline. Times in milliseconds since 1970. */
export interface StoredOrder {
  order: Order;
  /** Of the request, to tell a replay from another order under the same key. */
  fingerprint: string;
  /** The life, from 0: one more after each redrive. */
  redrives: number;
  /** Grows with each claim of a life. With `redrives` it is the fencing token of whoever claimed. */
  attempt: number;
  /** Claims for the business step since something was kept: `maxAttempts` bounds them. */
  tries: number;
  /** The same for the undo. */
  undoTries: number;
  /** Until then the worker that claimed the order may be alive; 0 when nobody works on it. */
  workUntil: number;
  /** Until then nobody else may claim the order; 0 when it is free. */
  leaseUntil: number;
  /** When the reconciler looks at the order, if it is still open by then. */
  checkAt: number;
  /** The random id of the put, claim, cancellation or redrive that wrote last: a refusal that returns it is our own write. */
  writeId: string;
  /** Of the present life, oldest first. */
  kept: Kept[];
  /** How it ends once its undo is done; set when the undo begins, and never changed in a life. */
  ending: Ending | undefined;
  /** Of all lives, oldest first. */
  history: Entry[];
}

/** What came of a conditional write: the order as it is now, whether or not it was written. */
export interface Written {
  ok: boolean;
  /** Undefined when there is no such order. */
  stored: StoredOrder | undefined;
}

/** An end that comes after the undo. */
export type Ending =
  { status: "REJECTED" | "FAILED"; reason: string } | { status: "CANCELLED"; reason?: string };

export type End =
  | { status: "COMPLETED"; totals: Totals }
  // undoFailed: its tries are used up.
  | (Ending & { undoFailed?: true });

/** Times in seconds. */
export interface LifePolicy {
  maxAttempts: number;
  /** How long an invocation of process-order can live. */
  timeoutSeconds: number;
  /** Before the second attempt; doubled with each that follows. */
  backoffSeconds: number;
  maxBackoffSeconds: number;
  /** After which the reconciler looks at what should have happened by then. */
  firstCheckSeconds: number;
  /** After which it looks again. */
  nextCheckSeconds: number;
}

/** What a claim writes; `checkAt` only where it has to move: each move costs index writes. */
export interface Lease extends Pause {
  workUntil: number;
}

/** What a release, or a wait, writes. */
export interface Pause {
  leaseUntil: number;
  checkAt?: number;
  /** From when on it counts as overdue; without it from `checkAt` on. */
  overdueSince?: number;
}

/** What is to be done with an order now. */
export type Decision =
  | { next: "attempt"; lease: Lease }
  | { next: "undo"; ending: Ending; lease: Lease }
  | { next: "end"; end: End }
  | { next: "wait"; until: number }
  | { next: "notify" }
  | { next: "nothing" };

export const FAILURE_REASON = "The order could not be processed after several attempts.";
export const UNDO_FAILURE =
  "It is not confirmed that what had been done for it was undone: a person must look.";

/**
 * A message is hidden for so long at most: of the 120,000 that may be in flight none holds its place for
 * long. After a longer wait the reconciler sends another.
 */
export const MAX_HIDDEN_SECONDS = 300;

/** Upwards only: nobody comes back early. */
const JITTER = 0.2;

/** `random`: from 0 to 1, for the jitter. */
export function decide(
  stored: StoredOrder,
  now: number,
  policy: LifePolicy,
  random: number,
): Decision {
  const { order, tries, undoTries, leaseUntil } = stored;
  const { maxAttempts } = policy;
  if (isEnd(order.status)) return { next: order.notifiedAt === undefined ? "notify" : "nothing" };
  if (leaseUntil > now) return { next: "wait", until: leaseUntil };
  const ending = endingOf(stored, maxAttempts);
  if (!ending) return { next: "attempt", lease: leaseOf(stored, tries + 1, now, policy, random) };
  if (undoTries >= maxAttempts) return { next: "end", end: withoutUndo(ending) };
  return { next: "undo", ending, lease: undoLease(stored, now, policy, random) };
}

/** How the order is to end; undefined as long as its step may run. A cancellation outdoes other reasons. */
function endingOf(stored: StoredOrder, maxAttempts: number): Ending | undefined {
  const { ending, tries } = stored;
  if (isToBeCancelled(stored)) return { status: "CANCELLED" };
  if (ending) return ending;
  return tries >= maxAttempts ? { status: "FAILED", reason: FAILURE_REASON } : undefined;
}

export function isToBeCancelled({ order }: StoredOrder): boolean {
  return order.cancelRequestedAt !== undefined;
}

function withoutUndo(ending: Ending): End {
  const { reason } = ending;
  const whole = reason === undefined ? UNDO_FAILURE : `${reason} ${UNDO_FAILURE}`;
  return { ...ending, reason: whole, undoFailed: true };
}

/** The claim of an order that nobody has tried: what is not known of it stands in its condition. */
export function firstLease(now: number, policy: LifePolicy, random: number): Lease {
  const workUntil = now + seconds(policy.timeoutSeconds);
  return { workUntil, leaseUntil: workUntil + backoffOf(1, policy, random) };
}

export function undoLease(
  stored: StoredOrder,
  now: number,
  policy: LifePolicy,
  random: number,
): Lease {
  return leaseOf(stored, stored.undoTries + 1, now, policy, random);
}

/** After a step, or an undo, that threw: nobody tries again before its backoff is over. */
export function backoffPause(
  stored: StoredOrder,
  now: number,
  policy: LifePolicy,
  random: number,
): Pause {
  const { ending, tries, undoTries } = stored;
  const leaseUntil = now + backoffOf(ending ? undoTries : tries, policy, random);
  return { leaseUntil, ...checkAfter(stored, leaseUntil, policy) };
}

/** A long wait is ended by the reconciler: it looks when the wait is over, and then it is not overdue yet. */
export function waitPause(
  stored: StoredOrder,
  until: number,
  now: number,
  policy: LifePolicy,
): Pause {
  const { firstCheckSeconds, nextCheckSeconds } = policy;
  const overdueSince = until + seconds(firstCheckSeconds);
  if (until > now + seconds(MAX_HIDDEN_SECONDS)) {
    return { leaseUntil: until, checkAt: until, overdueSince };
  }
  const isChecked = stored.checkAt > until && stored.checkAt <= until + seconds(nextCheckSeconds);
  return { leaseUntil: until, ...(!isChecked && { checkAt: overdueSince }) };
}

/** Of an order whose cancellation was requested: soon after nobody can be at work on it any more. */
export function checkCancellationAt(
  { workUntil }: StoredOrder,
  now: number,
  { firstCheckSeconds }: Pick<LifePolicy, "firstCheckSeconds">,
): number {
  return Math.max(now, workUntil) + seconds(firstCheckSeconds);
}

/** An end is looked at soon, whatever backoff the attempt before it had. Undefined: no need to move it. */
export function checkAtEnd(
  { checkAt }: StoredOrder,
  now: number,
  { firstCheckSeconds, nextCheckSeconds }: LifePolicy,
): number | undefined {
  return checkAt > now + seconds(nextCheckSeconds) ? now + seconds(firstCheckSeconds) : undefined;
}

function leaseOf(
  stored: StoredOrder,
  tries: number,
  now: number,
  policy: LifePolicy,
  random: number,
): Lease {
  const workUntil = now + seconds(policy.timeoutSeconds);
  const leaseUntil = workUntil + backoffOf(tries, policy, random);
  return { workUntil, leaseUntil, ...checkAfter(stored, leaseUntil, policy) };
}

function checkAfter(
  { checkAt }: StoredOrder,
  leaseUntil: number,
  { firstCheckSeconds }: LifePolicy,
): { checkAt?: number } {
  return checkAt > leaseUntil ? {} : { checkAt: leaseUntil + seconds(firstCheckSeconds) };
}

/** Before the try after the nth; of a try in which something was kept, n is 0. */
function backoffOf(
  n: number,
  { backoffSeconds, maxBackoffSeconds }: LifePolicy,
  random: number,
): number {
  const backoff = Math.min(maxBackoffSeconds, backoffSeconds * 2 ** Math.max(0, n - 1));
  return Math.round(seconds(backoff) * (1 + JITTER * random));
}

function seconds(count: number): number {
  return count * 1000;
}
