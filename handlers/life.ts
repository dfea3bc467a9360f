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
  /** Claims that count towards `maxAttempts`: those after it are for giving up. */
  tries: number;
  /** Until then nobody else may claim the order; 0 when it is free. */
  leaseUntil: number;
  /** When the reconciler looks at the order, if it is still open by then. */
  checkAt: number;
  /** The random id of the put, claim or redrive that wrote last: a refusal that returns it is our own write. */
  writeId: string;
}

/** What came of a conditional write: the order as it is now, whether or not it was written. */
export interface Written {
  ok: boolean;
  /** Undefined when there is no such order. */
  stored: StoredOrder | undefined;
}

/** How an attempt ended, or giving up. */
export type End =
  { status: "COMPLETED"; totals: Totals } | { status: "REJECTED" | "FAILED"; reason: string };

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

/** What a claim, or a release, writes; `checkAt` only where it has to move: each move costs index writes. */
export interface Lease {
  leaseUntil: number;
  checkAt?: number;
}

/** What is to be done with an order now. */
export type Decision =
  | { next: "attempt"; lease: Lease }
  | { next: "give up"; lease: Lease }
  | { next: "fail"; reason: string }
  | { next: "wait"; until: number }
  | { next: "notify" }
  | { next: "nothing" };

export const FAILURE_REASON = "The order could not be processed after several attempts.";
export const UNDO_FAILURE_REASON = `${FAILURE_REASON} It is not confirmed that what had been done for it was undone.`;

/** Upwards only: nobody comes back early. */
const JITTER = 0.2;

/** `random`: from 0 to 1, for the jitter. */
export function decide(
  stored: StoredOrder,
  now: number,
  policy: LifePolicy,
  random: number,
): Decision {
  const { order, tries, leaseUntil } = stored;
  const { maxAttempts } = policy;
  if (isEnd(order.status)) return { next: order.notifiedAt === undefined ? "notify" : "nothing" };
  if (leaseUntil > now) return { next: "wait", until: leaseUntil };
  // The undo has had as many tries as the step.
  if (tries >= 2 * maxAttempts) return { next: "fail", reason: UNDO_FAILURE_REASON };
  const lease = leaseOf(stored, tries + 1, now + seconds(policy.timeoutSeconds), policy, random);
  return { next: tries < maxAttempts ? "attempt" : "give up", lease };
}

/** The claim of an order that nobody has tried: what is not known of it stands in its condition. */
export function firstLease(now: number, policy: LifePolicy, random: number): Lease {
  const backoff = backoffOf(1, policy, random);
  return { leaseUntil: now + seconds(policy.timeoutSeconds) + backoff };
}

/** After a step, or an undo, that threw: nobody tries again before its backoff is over. */
export function releaseLease(
  stored: StoredOrder,
  now: number,
  policy: LifePolicy,
  random: number,
): Lease {
  return leaseOf(stored, stored.tries, now, policy, random);
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
  { checkAt }: StoredOrder,
  tries: number,
  from: number,
  policy: LifePolicy,
  random: number,
): Lease {
  const { maxAttempts, firstCheckSeconds } = policy;
  const leaseUntil = from + backoffOf(((tries - 1) % maxAttempts) + 1, policy, random);
  const isCheckedLater = checkAt > leaseUntil;
  return {
    leaseUntil,
    ...(!isCheckedLater && { checkAt: leaseUntil + seconds(firstCheckSeconds) }),
  };
}

function backoffOf(
  n: number,
  { backoffSeconds, maxBackoffSeconds }: LifePolicy,
  random: number,
): number {
  const backoff = Math.min(maxBackoffSeconds, backoffSeconds * 2 ** (n - 1));
  return Math.round(seconds(backoff) * (1 + JITTER * random));
}

function seconds(count: number): number {
  return count * 1000;
}
