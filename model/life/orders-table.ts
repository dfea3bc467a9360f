import { isExhausted, isOpenStatus } from "./decision";
import type { Options } from "./options";
import { type End, type Ending, isHeldBy, type Order, sameToken, type Token } from "./state";

// The conditional writes to the order, each as what the item becomes, or undefined where it is refused.

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

/** Claims the order as it was seen, for an attempt. */
export function claim(order: Order, seen: Token, options: Options): Order | undefined {
  const { bug } = options;
  const isClaimable =
    isOpenStatus(order, options) || bug === "claim asks for the token alone, not for the status";
  const isFree =
    !order.isLeased ||
    bug === "claim ignores the lease" ||
    bug === "claim asks for the token alone, not for the lease";
  const isWanted = !order.isCancelRequested || ignoresCancellation(options);
  if (!isClaimable || !isFree || !isWanted || !sameToken(order, seen)) return undefined;
  return claimed(order, options);
}

function ignoresCancellation({ bug }: Options): boolean {
  return bug === "claim ignores cancelRequestedAt" || bug === "decision ignores cancelRequestedAt";
}

function claimed(order: Order, { bug }: Options): Order {
  const count = bug === "claim counts at release" ? 0 : 1;
  return {
    ...leased(order),
    status: "PROCESSING",
    attempt: order.attempt + count,
    tries: order.tries + count,
    undoTries: bug === "undoTries is reset at each claim" ? 0 : order.undoTries,
  };
}

function leased(order: Order): Order {
  return { ...order, isLeased: true, pause: "none", isDue: false };
}

/** A step of fulfilOrder, by the worker that has the order, after so many others. */
export function keep(order: Order, mine: Token, kept: number, { bug }: Options) {
  const isMine =
    isHeldBy(order, mine) || (order.status === "PROCESSING" && bug === "keep ignores the token");
  const isAsSeen = order.kept === kept || bug === "keep does not look whether it is kept already";
  if (!isMine || !isAsSeen) return undefined;
  const tries = bug === "keep does not reset tries" ? order.tries : 0;
  return { ...order, kept: order.kept + 1, tries };
}

/** Keeps that the wait began, and nobody has the order before it is over. */
export function wait(order: Order, mine: Token, kept: number, { bug }: Options) {
  if (!isHeldBy(order, mine) || order.kept !== kept) return undefined;
  if (order.isCancelRequested && bug !== "wait ignores cancelRequestedAt") return undefined;
  const next = { ...order, kept: order.kept + 1, tries: 0, isDue: false };
  return { ...next, isLeased: bug !== "wait writes no lease", pause: "wait" as const };
}

/**
 * After a throw, of the step or of the undo: nobody has the order before its backoff is over. An attempt
 * whose order is to be cancelled is not released: its worker turns to the undo.
 */
export function release(order: Order, mine: Token, { bug }: Options): Order | undefined {
  const isMine = sameToken(order, mine) || bug === "release ignores the token";
  if (order.status !== "PROCESSING" || !isMine) return undefined;
  const isWanted = !order.isCancelRequested || order.ending !== "none";
  if (!isWanted && bug !== "release ignores cancelRequestedAt") return undefined;
  const count = bug === "claim counts at release" ? 1 : 0;
  return {
    ...order,
    attempt: order.attempt + count,
    tries: order.tries + count,
    isLeased: bug !== "release writes no backoff",
    pause: "backoff",
    isDue: false,
  };
}

/** The worker that has the order goes on with the undo, under a new token and lease. */
export function turnToUndo(order: Order, mine: Token, ending: Ending, { bug }: Options) {
  if (!isHeldBy(order, mine)) return undefined;
  const attempt = order.attempt + (bug === "turn keeps the attempt" ? 0 : 1);
  return { ...leased(order), attempt, undoTries: Math.min(order.undoTries + 1, 7), ending };
}

/** Claims the order as it was seen, for its undo. It gives up only what has no try left. */
export function claimForUndo(order: Order, seen: Token, ending: Ending, options: Options) {
  const { bug } = options;
  const isFree = !order.isLeased || bug === "undo ignores the lease";
  const isOpen = isOpenStatus(order, options) && order.status !== "RECEIVED";
  if (!isOpen || !isFree || !sameToken(order, seen)) return undefined;
  const isUndoing =
    order.ending !== "none" || order.isCancelRequested || isExhausted(order, options);
  if (!isUndoing && bug !== "giving up ignores a step kept meanwhile") return undefined;
  const before = bug === "undoTries is reset at each claim" ? 0 : order.undoTries;
  return {
    ...leased(order),
    status: "PROCESSING" as const,
    attempt: order.attempt + (bug === "giving up keeps attempt" ? 0 : 1),
    undoTries: before + (bug === "giving up keeps tries" ? 0 : 1),
    ending: order.ending === "none" ? ending : order.ending,
  };
}

/** A step of the undo. */
export function keepOfUndo(order: Order, mine: Token, kept: number, { bug }: Options) {
  if (!isHeldBy(order, mine) || order.keptOfUndo !== kept) return undefined;
  const undoTries = bug === "undo step does not reset undoTries" ? order.undoTries : 0;
  return { ...order, keptOfUndo: order.keptOfUndo + 1, undoTries };
}

/** COMPLETED, by the worker that has the order: unless it is to be cancelled. */
export function complete(order: Order, mine: Token, { bug }: Options): Order | undefined {
  const isMine =
    sameToken(order, mine) ||
    bug === "complete ignores the token" ||
    (bug === "complete compares the attempt alone" && order.attempt === mine.attempt);
  const isOpen =
    order.status === "PROCESSING" || bug === "complete asks for the token, not for the status";
  if (!isOpen || !isMine) return undefined;
  if (order.isCancelRequested && bug !== "complete ignores cancelRequestedAt") return undefined;
  return ended(order, "COMPLETED", bug);
}

/** By the worker whose undo returned. */
export function endAfterUndo(order: Order, mine: Token, end: End, { bug }: Options) {
  const isMine = sameToken(order, mine) || bug === "fail ignores the token";
  if (order.status !== "PROCESSING" || !isMine) return undefined;
  const isLate = order.isCancelRequested && end !== "CANCELLED";
  if (isLate && bug !== "end after undo ignores cancelRequestedAt") return undefined;
  return ended(order, end, bug);
}

/** When the undo's tries are used up, too: as it was seen, and nobody has the order. */
export function endWithoutUndo(order: Order, seen: Token, end: End, options: Options) {
  const { bug, maxAttempts } = options;
  if (order.status !== "PROCESSING" || order.isLeased || !sameToken(order, seen)) return undefined;
  const isLate = order.isCancelRequested && end !== "CANCELLED";
  if (isLate && bug !== "end without undo ignores cancelRequestedAt") return undefined;
  const mayBeTried = order.undoTries < maxAttempts && !ANY_TRY.has(bug);
  return mayBeTried ? undefined : ended(order, end, bug);
}

const ANY_TRY = new Set<Options["bug"]>([
  "no giving up",
  "fail without undo after one try",
  "fail without undo ignores a step kept meanwhile",
]);

function ended(order: Order, end: End, bug: Options["bug"]): Order {
  return {
    ...order,
    status: end,
    isLeased: false,
    pause: "none",
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

/** cancel-order's: at once, as nothing was ever begun. */
export function cancelUnclaimed(order: Order, { bug }: Options): Order | undefined {
  const isIdle = order.status === "PROCESSING" && !order.isLeased && order.kept === 0;
  const isTaken = isIdle && bug === "cancel ends what was claimed and kept nothing";
  if (order.status !== "RECEIVED" && !isTaken) return undefined;
  return ended({ ...order, isCancelRequested: true }, "CANCELLED", bug);
}

/** cancel-order's, of an order as it was seen: idle it is free at once, else when its worker is dead. */
export function requestCancellation(order: Order, seen: Token, { bug }: Options) {
  const isOpen = order.status === "PROCESSING" || bug === "cancel takes what has ended";
  const isAsSeen = sameToken(order, seen) || bug === "cancel asks for no token";
  if (!isOpen || !isAsSeen || order.isCancelRequested) return undefined;
  const requested = { ...order, isCancelRequested: true, isDue: false };
  const isWorkedOn = order.pause === "none" && bug !== "cancel frees an order that is worked on";
  if (isWorkedOn || bug === "cancel leaves a wait or backoff") return requested;
  return { ...requested, isLeased: false, pause: "none" as const };
}

/** The operator's. */
export function redrive(order: Order, { bug }: Options): Order | undefined {
  if (order.status !== "FAILED") return undefined;
  return {
    status: "RECEIVED",
    redrives: order.redrives + (bug === "redrive keeps the life" ? 0 : 1),
    attempt: 0,
    tries: bug === "redrive keeps tries" ? order.tries : 0,
    undoTries: bug === "redrive keeps undoTries" ? order.undoTries : 0,
    isLeased: false,
    pause: "none",
    ending: bug === "redrive keeps ending" ? order.ending : "none",
    isCancelRequested: false,
    kept: bug === "redrive keeps kept steps" ? order.kept : 0,
    keptOfUndo: bug === "redrive keeps steps of the undo" ? order.keptOfUndo : 0,
    isOpen: true,
    isDue: true,
    isNotified: false,
  };
}
