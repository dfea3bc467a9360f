import { type Claim, type Life, lifeOf, type ObservedOrder } from "./observed-orders";
import type { Write } from "./row";
import type { Watch } from "./watch";

// Written down once more, so that a wrong one in infra/life-times.ts is noticed.
const BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 3_600_000;

/** A claim for the business step, or for the undo. */
export function checkClaim(watch: Watch, order: ObservedOrder, write: Write): void {
  const { by, after } = write;
  const life = lifeOf(order, after.redrives);
  const isUndo = after.ending !== undefined;
  const isTurn = isUndo && isTurnOf(order, write);
  if (!isTurn) checkPause(watch, order, life, write);
  if (isUndo) {
    if (write.before.ending === undefined) checkUndoBegins(watch, order, life, write, isTurn);
    life.undoClaims += 1;
    life.undoTries += 1;
  } else {
    life.claims += 1;
    life.tries += 1;
    if (after.isToBeCancelled) watch.violated("I12", order, "claimed for a step, and cancelled");
  }
  // A claim may be performed long after it was decided: its backoff counts from then.
  life.lastClaimAt = by.startedAt;
  life.backoffAfter = isUndo ? life.undoTries : life.tries;
  const { redrives, attempt } = after;
  order.claims.set(by, { redrives, attempt, isToldToCancel: after.isToBeCancelled });
  checkBounds(watch, order, life);
}

/** By the worker that has the claim for the step, which goes on with the undo. */
function isTurnOf(order: ObservedOrder, { by, before }: Write): boolean {
  return before.ending === undefined && isClaimOf(order.claims.get(by), before);
}

export function isClaimOf(
  claim: Claim | undefined,
  { redrives, attempt }: { redrives: number; attempt: number },
): boolean {
  return claim?.redrives === redrives && claim.attempt === attempt;
}

/** No claim during a lease, a backoff or a wait; a cancellation ends the two latter. */
function checkPause(watch: Watch, order: ObservedOrder, life: Life, { before }: Write): void {
  const { now, violated, toleranceMs } = watch;
  if (before.leaseUntil > now() + toleranceMs) {
    violated("I6", order, "claimed while it was leased, or in its backoff");
  }
  const { backoffAfter, lastClaimAt } = life;
  if (backoffAfter === undefined) return;
  if (now() - lastClaimAt < backoffMs(backoffAfter) - toleranceMs) {
    violated("I6", order, `claimed before the backoff after ${backoffAfter} tries was over`);
  }
}

function backoffMs(tries: number): number {
  return Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** Math.max(0, tries - 1));
}

function checkUndoBegins(
  { plan, violated }: Watch,
  order: ObservedOrder,
  { tries }: Life,
  { before, after: { ending } }: Write,
  isTurn: boolean,
): void {
  if (ending === "FAILED" && tries < plan.maxAttempts) {
    violated("I6", order, `given up after ${tries} of ${plan.maxAttempts} tries`);
  }
  if (ending === "REJECTED" && !isTurn) {
    violated("I3", order, "rejected by another than whose claim it was");
  }
  // Where it was asked for in between, another ending stands, and it ends CANCELLED all the same.
  if (ending === "CANCELLED" && !before.isToBeCancelled) {
    violated("I12", order, "it is to end CANCELLED, unasked");
  }
}

function checkBounds({ plan, violated }: Watch, order: ObservedOrder, life: Life): void {
  const { claims, undoClaims, kept } = life;
  const undos = kept.filter(({ kind }) => kind === "undo").length;
  if (claims > (kept.length - undos + 1) * plan.maxAttempts) {
    violated("I3", order, `claimed ${claims} times, with ${kept.length - undos} kept`);
  }
  if (undoClaims > (undos + 1) * plan.maxAttempts) {
    violated("I3", order, `claimed ${undoClaims} times for its undo, with ${undos} kept`);
  }
}
