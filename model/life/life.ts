import type { Emit, Model } from "../search";
import { endViolation, stateViolation } from "./invariants";
import { DEFAULTS, type Options } from "./options";
import { WORDS_PER_STATE, pack, unpack } from "./pack";
import { type State, NO_HISTORY, NO_ORDER, isEnd, published } from "./state";
import * as surroundings from "./surroundings";
import { work } from "./worker";

/** An order's life: everything that can happen next to it, in every state that it can be in. */
export function makeLife(overrides: Partial<Options>): Model<State> {
  const options = { ...DEFAULTS, ...overrides };
  const { posts, duplicates, redrives } = options;
  const nobody = { creations: [], messages: [], workers: [], reconcilers: [] };
  return {
    initial: { order: NO_ORDER, history: NO_HISTORY, posts, duplicates, redrives, ...nobody },
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
    if (before.history.isRestored) return emit(kind, label, after);
    const ofEnds = kind === "event" ? undefined : endViolation(before, after);
    emit(kind, label, after, violation ?? ofEnds);
  };
}

function next(state: State, options: Options, emit: Emit<State>): void {
  surroundings.passTime(state, options, emit);
  surroundings.post(state, options, emit);
  state.creations.forEach((_, index) => surroundings.create(state, index, options, emit));
  state.messages.forEach((_, index) => surroundings.deliver(state, index, options, emit));
  state.workers.forEach((me, index) => work({ state, me, index, options, emit }));
  surroundings.look(state, options, emit);
  state.reconcilers.forEach((_, index) => surroundings.reconcile(state, index, options, emit));
  surroundings.operate(state, options, emit);
  surroundings.restore(state, options, emit);
}
