import { isEnd, type OrderStatus, TRANSITIONS } from "../../handlers/order";
import { checkClaim, checkFailure } from "./attempts";
import { lifeOf, type ObservedOrder } from "./observed-orders";
import { type Row, tokenOf, type Write } from "./row";
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
  if (after.redrives === before.redrives) checkToken(watch, order, write);
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

function checkToken(watch: Watch, order: ObservedOrder, write: Write): void {
  const { before, after } = write;
  if (after.attempt > before.attempt) checkClaim(watch, order, write);
  if (after.attempt < before.attempt) watch.violated("I3", order, "its fencing token went back");
}

function checkEnd(watch: Watch, order: ObservedOrder, { by, before, after }: Write): void {
  if (after.status === "FAILED") checkFailure(watch, order, after);
  else if (order.tokens.get(by) !== tokenOf(before)) {
    const edge = edgeOf(before, after);
    watch.violated("I3", order, `a result of another attempt was recorded: ${edge}`);
  }
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
