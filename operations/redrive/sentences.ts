import type { StoredOrder } from "../../handlers/life";
import { isEnd } from "../../handlers/order";
import { formatAge } from "../ages";

export function orders(count: number): string {
  return count === 1 ? "1 order" : `${count} orders`;
}

/** Why an order is not redriven, and what becomes of it without that. */
export function refusalOf(stored: StoredOrder | undefined, now: Date): string {
  if (!stored) return "there is no such order";
  const { order, checkAt } = stored;
  if (order.status === "FAILED") {
    return "its undo has failed, and a new life may charge again: look at it, then redrive it by its id";
  }
  const is = `is ${order.status}, not FAILED`;
  if (order.notifiedAt !== undefined) return `${is}, and notified: nothing is left to do`;
  const what = isEnd(order.status) ? "its notification is sent" : "it goes on";
  return `${is}: ${what} without a redrive, ${nextLook(checkAt, now.getTime())}`;
}

function nextLook(checkAt: number, now: number): string {
  return checkAt > now
    ? `the reconciler looks at it in ${formatAge(checkAt - now)}`
    : `the reconciler's look is overdue by ${formatAge(now - checkAt)}`;
}
