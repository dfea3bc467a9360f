import { nextOf, type Options } from "./options";
import {
  type History,
  isContradictory,
  isEnd,
  published,
  sameToken,
  type State,
  type Worker,
} from "./state";
import type { Turn } from "./turn";

const NOT_OPEN = "I1 not notified and not in the index of open orders";
const TWO_AT_WORK = "I3 two at work on one order, neither a zombie";
const UNDO_BESIDE = "I9 the undo runs while another is at work, no zombie";

// The promises, as what breaks them: of states, of ends and of claims. Those of what is
// recorded are in record-invariants.ts. I1 (nothing is stuck) is partly in search.ts: it is about all states.

/** What is wrong with a state, whatever led to it. */
export function stateViolation({ order, history }: State): string | undefined {
  if (history.isRestored) return undefined;
  const { status, isOpen, isNotified, isCancelRequested, pause, ending } = order;
  if (!isEnd(status)) {
    if (isNotified) return "I4 notified without an end";
    if (isCancelRequested && pause !== "none" && ending === "none") {
      return "I12 an order that is to be cancelled waits, and nobody works on it";
    }
    return isOpen || status === "none" ? undefined : NOT_OPEN;
  }
  if (isCancelRequested && status !== "CANCELLED") {
    return "I12 the cancellation was requested, and the order has another end";
  }
  if (status === "CANCELLED" && !isCancelRequested) return "I12 CANCELLED without a request";
  if (isNotified && isOpen) return "I7 notified and still in the index of open orders";
  if (!isOpen && !isNotified) return NOT_OPEN;
  if (isNotified && (history.publications & published(order.redrives, status)) === 0) {
    return "I4 notifiedAt without a publication of that end";
  }
  return isContradictory(history.publications)
    ? "I4 two ends of one life are published"
    : undefined;
}

/** Only an operator makes something else of an end. */
export function endViolation(before: State, after: State): string | undefined {
  const isChanged =
    isEnd(before.order.status) &&
    (before.order.status !== after.order.status ||
      before.order.isCancelRequested !== after.order.isCancelRequested);
  return isChanged ? "I2 an end changes by itself" : undefined;
}

/** Of a claim for an attempt. */
export function attemptViolation(turn: Turn): string | undefined {
  const { history, order } = turn.state;
  if (order.isCancelRequested) return "I12 work starts after the cancellation was requested";
  return history.claims >= turn.options.maxAttempts
    ? "I3 more than maxAttempts claims for attempts, and nothing kept between them"
    : claimViolation(turn);
}

/** Of a claim for the undo, or of a turn to it. */
export function undoClaimViolation(turn: Turn): string | undefined {
  return turn.state.history.undoClaims >= turn.options.maxAttempts
    ? "I9 more than maxAttempts claims for the undo, and nothing of it kept between them"
    : claimViolation(turn);
}

function claimViolation(turn: Turn): string | undefined {
  if (othersAtWork(turn)) return TWO_AT_WORK;
  const { pause } = turn.state.order;
  if (pause === "wait") return "I13 a claim during a wait";
  return pause === "backoff" ? "I6 a claim during a backoff" : undefined;
}

/** Of an end that cancel-order writes itself. */
export function cancelViolation({ claims, kept }: History): string | undefined {
  return claims > 0 || kept > 0 ? "I11 the order ends without its undo" : undefined;
}

/** Of an end by a worker, except COMPLETED. */
export function endingViolation(turn: Turn, how?: "without undo"): string | undefined {
  const { claims, kept, undoClaims, hasUndone, hasReturned } = turn.state.history;
  const { maxAttempts, limits } = turn.options;
  if (turn.me.end === "FAILED") {
    if (claims === 0 && kept === 0) return "I6 FAILED without one attempt";
    if (claims < maxAttempts) return "I6 FAILED before maxAttempts attempts were claimed";
  }
  const isTried = how === "without undo" && undoClaims >= maxAttempts;
  if (!hasUndone && !isTried) return "I11 the order ends without its undo";
  if (!limits) return undefined;
  if (how === "without undo" && hasUndone)
    return "the reason says that the undo failed, but it returned";
  return hasReturned ? "FAILED, although the step returned once" : undefined;
}

/** Of anything that fulfilOrder does. */
export function stepViolation(turn: Turn, isKept: boolean): string | undefined {
  const { me, options, state } = turn;
  const { history, order } = state;
  const isThisLife = me.redrives === order.redrives;
  if (!me.isZombie) {
    if (othersAtWork(turn)) return TWO_AT_WORK;
    if (isThisLife && isKept && history.kept > me.kept) return "I10 a kept step runs again";
    if (isThisLife && history.hasBegunUndo) return "I11 work goes on after the undo began";
  }
  if (!options.limits || !isThisLife) return undefined;
  if (isKept && history.kept > me.kept) return "a zombie's step runs after it was kept by another";
  return history.hasUndone ? "a zombie's step runs after the undo" : undefined;
}

/** Of anything that abandonOrder does. */
export function undoViolation(turn: Turn): string | undefined {
  const { state, me, options } = turn;
  if (!me.isZombie && othersAtWork(turn)) return UNDO_BESIDE;
  const { order, history } = state;
  const isThisLife = order.redrives === me.redrives;
  if (!me.isZombie && (!isThisLife || isEnd(order.status))) return "I9 the undo runs after the end";
  if (!isThisLife) return undefined;
  if (me.end === "FAILED" && history.claims < options.maxAttempts) {
    return "I9 the undo runs before maxAttempts attempts were claimed";
  }
  return !me.isZombie && history.keptOfUndo > me.kept
    ? "I10 a kept step of the undo runs again"
    : undefined;
}

/** What a zombie does in spite of everything: no condition on the table stops what is not the table. */
export function limitOfUndo({ state, me, options }: Turn): string | undefined {
  if (!options.limits) return undefined;
  if (state.order.redrives !== me.redrives) return "a zombie's undo runs in the next life";
  if (isEnd(state.order.status)) return "a zombie's undo runs after the end";
  const isZombieAtStep = (other: Worker) => other.at === "step" && other.isZombie;
  return state.workers.some(isZombieAtStep)
    ? "the undo runs while a zombie is at the step"
    : undefined;
}

/** Another has the order: its lease lives, as far as anybody knows, and so does the worker. */
function othersAtWork({ state, index, options }: Turn): boolean {
  const { order, workers } = state;
  return workers.some(
    (other, i) =>
      i !== index &&
      !other.isZombie &&
      isAtWork(other, options) &&
      sameToken(other, order) &&
      !isEnd(order.status),
  );
}

/** Not a worker that only writes, and does not know that it released the order before: an answer was lost. */
function isAtWork({ at, kept }: Worker, options: Options): boolean {
  if (at === "release" || at === "turn" || !HAS_CLAIMED.has(at)) return false;
  return at !== "step" || nextOf(kept, options) !== "wait";
}

/** It has claimed the order, and the claim's work is not over. */
export function hasClaimed({ at }: Worker): boolean {
  return HAS_CLAIMED.has(at);
}

const HAS_CLAIMED = new Set<Worker["at"]>([
  "step",
  "keep",
  "turn",
  "complete",
  "release",
  "undo",
  "keep of undo",
  "end",
]);
