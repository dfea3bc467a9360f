import { isOpenStatus } from "./decision";
import type { Options } from "./options";
import { type End, type Order, sameToken, type Token } from "./state";

// Every conditional write to the order, each as what the item becomes, or undefined where it is refused.

/** create-order's: the order is open from now on. */
export function put(order: Order, { bug }: Options): Order | undefined {
  if (order.status !== "none") return undefined;
  return { ...order, status: "RECEIVED", isOpen: bug !== "put opens nothing", isDue: false };
}

/** Of a message received for the first time: an order never tried before needs no read. */
export function firstClaim(order: Order, options: Options): Order | undefined {
  if (order.status !== "RECEIVED" || order.attempt !== 0) return undefined;
  return claimed(order, options);
}

/** Claims the order as it was seen: for an attempt, and for giving up. */
export function claim(order: Order, seen: Token, options: Options): Order | undefined {
  const { bug } = options;
  const isClaimable =
    isOpenStatus(order, options) || bug === "claim asks for the token alone, not for the status";
  const isFree =
    !order.isLeased ||
    bug === "claim ignores the lease" ||
    bug === "claim asks for the token alone, not for the lease";
  return isClaimable && isFree && sameToken(order, seen) ? claimed(order, options) : undefined;
}

export function claimToGiveUp(order: Order, seen: Token, options: Options): Order | undefined {
  const { bug } = options;
  const isFree = !order.isLeased || bug === "undo ignores the lease";
  if (!isOpenStatus(order, options) || !isFree || !sameToken(order, seen)) return undefined;
  const next = claimed(order, options);
  if (bug === "giving up keeps attempt") return { ...next, attempt: order.attempt };
  if (bug === "giving up keeps tries") return { ...next, tries: order.tries };
  return next;
}

function claimed(order: Order, { bug }: Options): Order {
  const count = bug === "claim counts at release" ? 0 : 1;
  return {
    ...order,
    status: "PROCESSING",
    attempt: order.attempt + count,
    tries: order.tries + count,
    isLeased: true,
    isInBackoff: false,
    isDue: false,
  };
}

/** COMPLETED or REJECTED, by the worker that has the order. */
export function complete(order: Order, mine: Token, end: End, { bug }: Options): Order | undefined {
  const isMine =
    sameToken(order, mine) ||
    bug === "complete ignores the token" ||
    (bug === "complete compares the attempt alone" && order.attempt === mine.attempt);
  return order.status === "PROCESSING" && isMine ? ended(order, end, bug) : undefined;
}

/** After a throw, of the step or of the undo: nobody has the order before its backoff is over. */
export function release(order: Order, mine: Token, { bug }: Options): Order | undefined {
  const isMine = sameToken(order, mine) || bug === "release ignores the token";
  if (order.status !== "PROCESSING" || !isMine) return undefined;
  const count = bug === "claim counts at release" ? 1 : 0;
  return {
    ...order,
    attempt: order.attempt + count,
    tries: order.tries + count,
    isLeased: bug !== "release writes no backoff",
    isInBackoff: true,
    isDue: false,
  };
}

/** FAILED, by the worker whose undo returned. */
export function fail(order: Order, mine: Token, { bug }: Options): Order | undefined {
  const isMine = sameToken(order, mine) || bug === "fail ignores the token";
  return order.status === "PROCESSING" && isMine ? ended(order, "FAILED", bug) : undefined;
}

/** FAILED when the undo's tries are used up, too: as it was seen, and nobody has the order. */
export function failWithoutUndo(order: Order, seen: Token, { bug }: Options): Order | undefined {
  if (order.status !== "PROCESSING" || order.isLeased || !sameToken(order, seen)) return undefined;
  return ended(order, "FAILED", bug);
}

function ended(order: Order, end: End, bug: Options["bug"]): Order {
  return {
    ...order,
    status: end,
    isLeased: false,
    isInBackoff: false,
    isOpen: order.isOpen && bug !== "end leaves the index",
    isDue: false,
  };
}

/** After the publish. */
export function stamp(order: Order, end: End, redrives: number, { bug }: Options) {
  const isThatLife = order.redrives === redrives || bug === "stamp ignores the life";
  if (order.status !== end || !isThatLife || order.isNotified) return undefined;
  return { ...order, isNotified: true, isOpen: false, isDue: false };
}

/** The reconciler's, before it sends. */
export function postpone(order: Order, { bug }: Options): Order | undefined {
  if (bug === "reconciler moves what is not open") return { ...order, isOpen: true, isDue: false };
  return order.isOpen && order.isDue ? { ...order, isDue: false } : undefined;
}

/** The operator's. */
export function redrive(order: Order, { bug }: Options): Order | undefined {
  if (order.status !== "FAILED") return undefined;
  return {
    status: "RECEIVED",
    redrives: order.redrives + (bug === "redrive keeps the life" ? 0 : 1),
    attempt: 0,
    tries: bug === "redrive keeps tries" ? order.tries : 0,
    isLeased: false,
    isInBackoff: false,
    isOpen: true,
    isDue: true,
    isNotified: false,
  };
}
