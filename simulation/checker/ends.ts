import { type EndStatus, isEnd } from "../../handlers/order";
import { isClaimOf } from "./claims";
import { type Life, lifeOf, type ObservedOrder } from "./observed-orders";
import { tokenOf, type Write } from "./row";
import type { Watch } from "./watch";

/** A write with which an order ends. */
export function checkEnd(watch: Watch, order: ObservedOrder, write: Write): void {
  const { before, after } = write;
  const { violated } = watch;
  const { status, isUndoFailed } = after;
  if (!isEnd(status)) return;
  const life = lifeOf(order, before.redrives);
  const returned = life.returned.get(tokenOf(before));
  const done = Array.isArray(returned) ? returned : [];
  life.end = { status, isUndoFailed, done };
  if (after.isToBeCancelled !== (status === "CANCELLED")) {
    violated(
      "I12",
      order,
      `${after.isToBeCancelled ? "to be cancelled, and" : "unasked"} ${status}`,
    );
  }
  if (status === "COMPLETED") checkCompletion(watch, order, write, Array.isArray(returned));
  else if (before.status === "RECEIVED") checkEndOfNew(watch, order, life);
  else checkEndAfterUndo(watch, order, life, write, status);
}

function checkCompletion(
  { violated }: Watch,
  order: ObservedOrder,
  { by, before }: Write,
  isReturned: boolean,
): void {
  if (before.ending !== undefined) violated("I11", order, "COMPLETED after its undo had begun");
  if (!isReturned || !isClaimOf(order.claims.get(by), before)) {
    violated("I3", order, "a result of another attempt was recorded: COMPLETED");
  }
}

function checkEndOfNew({ violated }: Watch, order: ObservedOrder, { claims }: Life): void {
  if (claims > 0) violated("I11", order, "it was worked on, and ended without its undo");
}

function checkEndAfterUndo(
  { plan, violated }: Watch,
  order: ObservedOrder,
  { returned, undoTries }: Life,
  { by, before, after }: Write,
  status: EndStatus,
): void {
  if (before.ending === undefined) violated("I11", order, `${status} before its undo`);
  if (before.ending !== status && status !== "CANCELLED") {
    violated("I11", order, `${status} was not how it should end`);
  }
  if (after.isUndoFailed) {
    if (undoTries < plan.maxAttempts) {
      violated("I11", order, `its undo was given up after ${undoTries} tries`);
    }
  } else if (
    returned.get(tokenOf(before)) !== "undone" ||
    !isClaimOf(order.claims.get(by), before)
  ) {
    violated("I11", order, `${status} before its undo was done`);
  }
}
