import { lifeOf, type ObservedOrder } from "./observed-orders";
import { type Row, tokenOf, type Write } from "./row";
import type { Watch } from "./watch";

// Written down once more, so that a wrong one in infra/life-times.ts is noticed.
const BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 3_600_000;

export function checkClaim(watch: Watch, order: ObservedOrder, write: Write): void {
  const { by, before, after: row } = write;
  const { plan, now, violated } = watch;
  if (before.leaseUntil > now() + watch.toleranceMs) {
    violated("I6", order, "claimed while it was leased, or in its backoff");
  }
  const { claims } = lifeOf(order, row.redrives);
  const last = claims.at(-1);
  if (last !== undefined && now() - last < backoffMs(watch, claims.length) - watch.toleranceMs) {
    violated("I6", order, `claim ${claims.length + 1} before the backoff was over`);
  }
  // A claim may be performed long after it was decided: its backoff counts from then.
  claims.push(by.startedAt);
  order.tokens.set(by, tokenOf(row));
  if (claims.length > 2 * plan.maxAttempts) {
    violated("I3", order, `claimed ${claims.length} times in one life`);
  }
}

/** After so many claims; it starts again with the first undo. */
function backoffMs({ plan }: Watch, claims: number): number {
  const n = (claims - 1) % plan.maxAttempts;
  return Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** n);
}

export function checkFailure({ plan, violated }: Watch, order: ObservedOrder, row: Row): void {
  const { claims, undosDone } = lifeOf(order, row.redrives);
  if (claims.length < plan.maxAttempts) {
    violated("I6", order, `FAILED after ${claims.length} of ${plan.maxAttempts} claims`);
  }
  if (undosDone === 0 && claims.length < 2 * plan.maxAttempts) {
    violated("I6", order, "FAILED before its undo was done, or tried often enough");
  }
}
