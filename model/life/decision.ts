import type { Options } from "./options";
import { isEnd, type Order } from "./state";

export type Decision = "nothing" | "notify" | "wait" | "claim" | "give up" | "fail";

/** What is to be done with the order as it is now. */
export function decide(order: Order, options: Options): Decision {
  const { status, tries, isLeased } = order;
  const { maxAttempts, bug } = options;
  if (status === "none") return "nothing";
  if (isEnd(status) && !isOpenStatus(order, options)) {
    return order.isNotified ? "nothing" : "notify";
  }
  if (bug === "claim ignores the lease") return "claim";
  const attempts = bug === "undo after one attempt too few" ? maxAttempts - 1 : maxAttempts;
  const isExhausted = tries >= attempts && bug !== "claim ignores maxAttempts";
  if (isLeased && !(isExhausted && bug === "undo ignores the lease")) return "wait";
  if (!isExhausted) return "claim";
  const undoTries = bug === "fail without undo after one try" ? 1 : maxAttempts;
  if (bug === "no giving up") return "fail";
  return tries < attempts + undoTries || bug === "undo without a bound" ? "give up" : "fail";
}

export function isOpenStatus({ status }: Order, { bug }: Options): boolean {
  return !isEnd(status) || (status === "FAILED" && bug === "claim takes FAILED");
}
