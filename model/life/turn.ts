import type { Emit, Kind } from "../search";
import type { Options } from "./options";
import type { History, State, Worker } from "./state";

/** One worker's turn. */
export interface Turn {
  state: State;
  me: Worker;
  index: number;
  options: Options;
  emit: Emit<State>;
}

/** The state with the worker at its next step. */
export function goOn({ state, me, index }: Turn, change: Partial<Worker>): State {
  return { ...state, workers: state.workers.with(index, { ...me, ...change }) };
}

/** The invocation is over, and its message with it. */
export function acknowledge({ state, index }: Turn): State {
  return { ...state, workers: state.workers.toSpliced(index, 1) };
}

/** The invocation is over, by a failure or by its death: the message comes back. */
export function giveBack(turn: Turn): State {
  const messages = [...turn.state.messages, turn.me.receives];
  return { ...acknowledge(turn), messages };
}

/** What happened in this turn, if the history is still kept: not after a restore. */
export function counted({ state: { history } }: Turn, change: Partial<History>): History {
  return history.isRestored ? history : { ...history, ...change };
}

/** The turn after something ran that is not the table. What is of an earlier life does not count. */
export function withHistory(turn: Turn, change: Partial<History>): Turn {
  const { state, me } = turn;
  if (me.redrives !== state.order.redrives) return turn;
  return { ...turn, state: { ...state, history: counted(turn, change) } };
}

/** What a call has changed, whatever its caller learns of it. */
export type Change = Partial<Pick<State, "order" | "history">>;

/**
 * A call that took effect, and its caller knows; or its answer is lost: then the invocation is over, or
 * the SDK repeats the call. Where a repeated claim or put recognises its own write, it is as if nothing
 * had been lost.
 */
export function call(
  turn: Turn,
  label: string,
  change: Change,
  then: Partial<Worker>,
  violation?: string,
): void {
  const { emit, options } = turn;
  const after = { ...turn, state: { ...turn.state, ...change } };
  emit("normal", label, goOn(after, then), violation);
  if (!options.faults) return;
  emit("fault", `${label}, but the worker dies before it knows`, giveBack(after));
  emit("fault", `${label}, but the answer is lost and the call repeated`, after.state);
}

export function fault(turn: Turn, label: string, next: State): void {
  if (turn.options.faults) turn.emit("fault", label, next);
}

export function normal(turn: Turn, label: string, next: State, violation?: string): void {
  const kind: Kind = "normal";
  turn.emit(kind, label, next, violation);
}
