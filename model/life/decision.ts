import type { Options } from "./options";
import { isEnd, type Order } from "./state";

export type Decision = "nothing" | "notify" | "wait" | "claim" | "undo" | "end without undo";

/** What is to be done with the order as it is now. */
export function decide(order: Order, options: Options): Decision {
  const { status, isLeased, undoTries } = order;
  const { maxAttempts, bug } = options;
  if (status === "none") return "nothing";
  if (isEnd(status) && !isOpenStatus(order, options)) {
    return order.isNotified ? "nothing" : "notify";
  }
  if (bug === "claim ignores the lease") return "claim";
  const isUndoing =
    order.ending !== "none" || isCancelled(order, options) || isExhausted(order, options);
  if (isLeased && !(isUndoing && bug === "undo ignores the lease")) return "wait";
  if (!isUndoing) return "claim";
  if (bug === "no giving up") return "end without undo";
  const bound = bug === "fail without undo after one try" ? 1 : maxAttempts;
  return undoTries < bound || bug === "undo without a bound" ? "undo" : "end without undo";
}

function isCancelled({ isCancelRequested }: Order, { bug }: Options): boolean {
  return isCancelRequested && bug !== "decision ignores cancelRequestedAt";
}

/** No try of an attempt is left. */
export function isExhausted({ tries }: Order, { maxAttempts, bug }: Options): boolean {
  if (bug === "claim ignores maxAttempts") return false;
  return tries >= (bug === "undo after one attempt too few" ? maxAttempts - 1 : maxAttempts);
}

export function isOpenStatus({ status }: Order, { bug }: Options): boolean {
  return !isEnd(status) || (status === "FAILED" && bug === "claim takes FAILED");
}
