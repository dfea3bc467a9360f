import { isEnd, type OrderStatus, TRANSITIONS } from "../../handlers/order";
import { checkClaim, isClaimOf } from "./claims";
import { checkEnd } from "./ends";
import { checkKept, checkNewLife } from "./kept";
import { lifeOf, type ObservedOrder } from "./observed-orders";
import { checkHistory } from "./past";
import type { Row, Write } from "./row";
import type { Watch } from "./watch";

export function checkCreation({ now, violated }: Watch, order: ObservedOrder, row: Row): void {
  order.created += 1;
  order.createdAt = now();
  if (order.created > 1) violated("I8", order, "it was made twice");
  if (!row.isOpen) violated("I1", order, "not open from the beginning");
}

export function checkWrite(watch: Watch, order: ObservedOrder, write: Write): void {
  const { before, after } = write;
  checkTransition(watch, order, write);
  if (after.redrives === before.redrives) checkLife(watch, order, write);
  else checkNewLife(watch, order, after);
  checkHistory(watch, order, write);
  if (isEnd(after.status) && !isEnd(before.status)) checkEnd(watch, order, write);
  checkNotified(watch, order, write);
}

function checkTransition(
  { violated }: Watch,
  order: ObservedOrder,
  { before, after }: Write,
): void {
  const isMoved = before.status !== after.status;
  const isRedrive = before.redrives !== after.redrives;
  if (isMoved && !isTransition(before.status, after.status)) {
    const invariant = isEnd(before.status) ? "I2" : "I3";
    violated(invariant, order, `${edgeOf(before, after)} is no step of its life`);
  }
  if (isRedrive && (before.status !== "FAILED" || after.redrives !== before.redrives + 1)) {
    violated("I2", order, `a new life from ${before.status}`);
  }
  if (isEnd(before.status) && isMoved && !isRedrive) {
    violated("I2", order, `its end changed: ${edgeOf(before, after)}`);
  }
}

function checkLife(watch: Watch, order: ObservedOrder, write: Write): void {
  const { before, after } = write;
  const { violated } = watch;
  if (after.attempt > before.attempt) checkClaim(watch, order, write);
  else {
    if (after.attempt < before.attempt) violated("I3", order, "its fencing token went back");
    if (before.ending === undefined && after.ending !== undefined) {
      violated("I11", order, "its undo begins without a claim of its own");
    }
    checkRelease(watch, order, write);
  }
  if (before.ending !== undefined && after.ending !== before.ending) {
    violated("I11", order, `its ending changed from ${before.ending}`);
  }
  checkKept(watch, order, write);
  checkCancellation(watch, order, write);
}

/** Whoever has the claim releases it. */
function checkRelease({ violated }: Watch, order: ObservedOrder, write: Write): void {
  const { by, before, after } = write;
  if (before.workUntil === 0 || after.workUntil > 0) return;
  if (!isEnd(after.status) && !isClaimOf(order.claims.get(by), before)) {
    violated("I3", order, "released by another than whose claim it was");
  }
  const life = lifeOf(order, after.redrives);
  if (life.kept.some(({ until }) => until === after.leaseUntil)) life.backoffAfter = undefined;
  for (const run of order.running) if (run.invocation === by) order.running.delete(run);
}

/** A request for cancellation ends backoffs and waits, but for no worker. */
function checkCancellation({ violated }: Watch, order: ObservedOrder, write: Write): void {
  const { before, after } = write;
  if (before.isToBeCancelled && !after.isToBeCancelled) {
    violated("I12", order, "a request for cancellation was forgotten");
  }
  if (before.isToBeCancelled || !after.isToBeCancelled) return;
  if (after.leaseUntil > before.workUntil) {
    violated("I12", order, "to be cancelled, and left alone for longer than it is worked on");
  }
  lifeOf(order, after.redrives).backoffAfter = undefined;
}

function checkNotified({ violated }: Watch, order: ObservedOrder, { before, after }: Write): void {
  const { status, isNotified, isOpen } = after;
  if (isNotified && !before.isNotified && !lifeOf(order, after.redrives).published.has(status)) {
    violated("I4", order, `recorded as notified of ${status}, which was not published`);
  }
  if (isNotified && !isEnd(status)) violated("I4", order, `notified, and ${status}`);
  if (!isNotified && !isOpen) violated("I1", order, `${status}, not notified, and not open`);
  if (isNotified && isOpen) violated("I7", order, "notified, and still open");
}

function isTransition(from: OrderStatus, to: OrderStatus): boolean {
  return TRANSITIONS.some((each) => each.from === from && each.to === to);
}

function edgeOf(before: Row, after: Row): string {
  return `${before.status} → ${after.status}`;
}
