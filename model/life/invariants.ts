import { isContradictory, isEnd, published, sameToken, type State, type Worker } from "./state";
import type { Turn } from "./turn";

const NOT_OPEN = "I1 not notified and not in the index of open orders";

// The promises, as what breaks them. I1 (nothing is stuck) is partly in search.ts: it is about all states.

/** What is wrong with a state, whatever led to it. */
export function stateViolation({ order, history }: State): string | undefined {
  if (history.isRestored) return undefined;
  const { status, isOpen, isNotified } = order;
  if (!isEnd(status)) {
    if (isNotified) return "I4 notified without an end";
    return isOpen || status === "none" ? undefined : NOT_OPEN;
  }
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
  const isChanged = isEnd(before.order.status) && before.order.status !== after.order.status;
  return isChanged ? "I2 an end changes by itself" : undefined;
}

export function claimViolation(turn: Turn): string | undefined {
  if (othersAtWork(turn)) return "I3 two at work on one order, neither a zombie";
  if (turn.state.order.isInBackoff) return "I6 a claim during a backoff";
  return undefined;
}

export function attemptViolation({ state, me, options }: Turn): string | undefined {
  const { stepRuns, isRestored } = state.history;
  const runs = stepRuns[me.redrives === 0 ? 0 : 1] + 1;
  return runs > options.maxAttempts && !isRestored
    ? "I3 the step runs more than maxAttempts times in a life"
    : undefined;
}

export function stepViolation(turn: Turn): string | undefined {
  if (!turn.me.isZombie && othersAtWork(turn))
    return "I3 two at work on one order, neither a zombie";
  const { state, me, options } = turn;
  const isUndone = state.history.hasUndone && me.redrives === state.order.redrives;
  return options.limits && isUndone ? "a zombie's step runs after the undo" : undefined;
}

export function completeViolation({ state, me, options }: Turn): string | undefined {
  if (state.order.redrives !== me.redrives) return "I3 a result of an earlier life is recorded";
  if (state.history.undoClaims > 0) return "I9 a result is recorded after giving up was claimed";
  if (!sameToken(state.order, me) && options.bug !== "claim counts at release") {
    return "I3 a result of an earlier attempt is recorded";
  }
  return undefined;
}

export function failViolation({ state, options }: Turn, how?: "without undo"): string | undefined {
  const { stepClaims, undoClaims, hasUndone, hasReturned } = state.history;
  if (stepClaims === 0) return "I6 FAILED without one attempt";
  if (stepClaims < options.maxAttempts) return "I6 FAILED before maxAttempts attempts were claimed";
  if (!hasUndone && undoClaims < options.maxAttempts) {
    return "I9 FAILED before the undo returned or had all its tries";
  }
  if (!options.limits) return undefined;
  if (how === "without undo" && hasUndone)
    return "the reason says that the undo failed, but it returned";
  return hasReturned ? "FAILED, although the step returned once" : undefined;
}

export function undoViolation(turn: Turn): string | undefined {
  const { state, me, options } = turn;
  if (!me.isZombie && othersAtWork(turn))
    return "I9 the undo runs while another is at work, no zombie";
  const { order, history } = state;
  const isThisLife = order.redrives === me.redrives;
  if (!me.isZombie && (!isThisLife || isEnd(order.status))) return "I9 the undo runs after the end";
  if (!isThisLife) return undefined;
  if (history.stepClaims < options.maxAttempts) {
    return "I9 the undo runs before maxAttempts attempts were claimed";
  }
  return history.undoRuns >= options.maxAttempts
    ? "I9 the undo runs more than maxAttempts times in a life"
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
export function othersAtWork({ state, index }: Turn): boolean {
  const { order, workers } = state;
  return workers.some(
    (other, i) =>
      i !== index &&
      !other.isZombie &&
      isAtWork(other) &&
      sameToken(other, order) &&
      !isEnd(order.status),
  );
}

/** It has claimed the order, and the claim's work is not over. */
export function isAtWork({ at }: Worker): boolean {
  return at === "step" || at === "complete" || at === "undo" || at === "fail";
}
