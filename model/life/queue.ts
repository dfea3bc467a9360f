import type { Emit } from "../search";
import type { Options } from "./options";
import { isEnd, NOTHING_KNOWN, type State } from "./state";

/** Messages are alike: one beyond the bound changes nothing. */
export function send(state: State, options: Options): State {
  const count = state.messages.length + state.workers.length;
  return count < options.messages ? { ...state, messages: [...state.messages, 0] } : state;
}

export function deliver(state: State, index: number, options: Options, emit: Emit<State>): void {
  const receives = state.messages[index] ?? 0;
  const gone = { ...state, messages: state.messages.toSpliced(index, 1) };
  if (receives >= options.maxReceives) park(gone, options, emit);
  else {
    if (state.workers.length < options.workers) {
      emit("normal", "a worker receives a message", withWorker(gone, receives + 1));
    }
    if (options.faults) {
      const messages = state.messages.with(index, receives + 1);
      emit("fault", "a message is received, and the invocation throttled", { ...state, messages });
    }
  }
  if (!options.faults) return;
  emit("fault", "a message is lost", gone);
  if (state.duplicates > 0 && state.messages.length + state.workers.length < options.messages) {
    const messages = [...state.messages, receives];
    emit("fault", "a message is duplicated", {
      ...state,
      messages,
      duplicates: state.duplicates - 1,
    });
  }
}

function park(state: State, { bug }: Options, emit: Emit<State>): void {
  const { order, history } = state;
  if (bug !== "dead letter fails the order" || isEnd(order.status)) {
    emit("normal", "a message goes to the dead letters", state);
    return;
  }
  const failed = { ...state, order: { ...order, status: "FAILED" as const, isLeased: false } };
  const violation =
    history.claims === 0 && history.kept === 0 ? "I6 FAILED without one attempt" : undefined;
  emit("normal", "a dead letter: FAILED", failed, violation);
}

function withWorker(state: State, receives: number): State {
  const worker = { ...NOTHING_KNOWN, at: "decide" as const, receives };
  return { ...state, workers: [...state.workers, worker] };
}
