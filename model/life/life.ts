import type { Emit, Model } from "../search";
import { askForCancellation, cancel } from "./cancel-order";
import { passTime } from "./clock";
import { create, post } from "./create-order";
import { endViolation, stateViolation } from "./invariants";
import { operate, restore } from "./operator";
import { DEFAULTS, type Options } from "./options";
import { pack, unpack, WORDS_PER_STATE } from "./pack";
import { deliver } from "./queue";
import { look, reconcile } from "./reconciler";
import { isEnd, NO_HISTORY, NO_ORDER, published, type State } from "./state";
import { work } from "./worker";

/** An order's life: everything that can happen next to it, in every state that it can be in. */
export function makeLife(overrides: Partial<Options>): Model<State> {
  const options = { ...DEFAULTS, ...overrides };
  const { posts, duplicates, redrives, cancels } = options;
  const allowed = { posts, duplicates, redrives, cancels };
  const nobody = { creations: [], messages: [], workers: [], reconcilers: [], cancellations: [] };
  return {
    initial: { order: NO_ORDER, history: NO_HISTORY, ...allowed, ...nobody },
    wordsPerState: WORDS_PER_STATE,
    pack,
    unpack,
    next: (state, emit) => next(state, options, checked(state, emit)),
    violation: stateViolation,
    isGoal: ({ order: { status, redrives: life, isNotified }, history }) =>
      status === "none" ||
      (isEnd(status) && isNotified && (history.publications & published(life, status)) !== 0),
  };
}

/** A restored table may contradict what was done before: then only I1 holds. */
function checked(before: State, emit: Emit<State>): Emit<State> {
  return (kind, label, after, violation) => {
    if (before.history.isRestored) {
      emit(kind, label, after);
      return;
    }
    const ofEnds = kind === "event" ? undefined : endViolation(before, after);
    emit(kind, label, after, violation ?? ofEnds);
  };
}

function next(state: State, options: Options, emit: Emit<State>): void {
  passTime(state, options, emit);
  post(state, options, emit);
  state.creations.forEach((_, index) => create(state, index, options, emit));
  state.messages.forEach((_, index) => deliver(state, index, options, emit));
  state.workers.forEach((me, index) => work({ state, me, index, options, emit }));
  look(state, options, emit);
  state.reconcilers.forEach((_, index) => reconcile(state, index, options, emit));
  askForCancellation(state, options, emit);
  state.cancellations.forEach((_, index) => cancel(state, index, options, emit));
  operate(state, options, emit);
  restore(state, options, emit);
}
