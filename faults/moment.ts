import { type Item, numberIn, storedOrder } from "../handlers/aws/stored-order";
import type { Entry } from "../handlers/history";
import type { Kept } from "../handlers/kept";
import type { Ending } from "../handlers/life";
import type { OrderStatus } from "../handlers/order";

/** An order as one write has left it, as far as the promises are about it. Times in milliseconds. */
export interface Moment {
  /** When the write was seen: a little later than it was made. */
  at: number;
  status: OrderStatus;
  redrives: number;
  attempt: number;
  workUntil: number;
  leaseUntil: number;
  checkAt: number;
  isNotified: boolean;
  isToBeCancelled: boolean;
  undoFailed: boolean;
  reason: string | undefined;
  kept: Kept[];
  ending: Ending | undefined;
  /** What the item says of itself. */
  history: Entry[];
  /** Where the index has it; undefined when it does not. */
  shelf: string | undefined;
}

export function momentOf(item: Item, at: number): Moment {
  const { order, redrives, attempt, workUntil, leaseUntil, kept, ending, history } =
    storedOrder(item);
  return {
    at,
    status: order.status,
    redrives,
    attempt,
    workUntil,
    leaseUntil,
    checkAt: numberIn(item, "checkAt"),
    isNotified: order.notifiedAt !== undefined,
    isToBeCancelled: order.cancelRequestedAt !== undefined,
    undoFailed: order.undoFailed === true,
    reason: order.reason,
    kept,
    ending,
    history,
    shelf: item["shelf"]?.S,
  };
}

export function isFenceBehind(before: Moment, after: Moment): boolean {
  return after.redrives === before.redrives
    ? after.attempt < before.attempt
    : after.redrives < before.redrives;
}

/** As people read it: the life and the attempt. */
export function fenceOf({ redrives, attempt }: Moment): string {
  return `${redrives}/${attempt}`;
}

/** Whether the reconciler will find it. */
export function isOpen({ shelf }: Pick<Moment, "shelf">): boolean {
  return shelf?.startsWith("open-") === true;
}
