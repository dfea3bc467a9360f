import type { Emit } from "../search";
import { cancelViolation } from "./invariants";
import type { Options } from "./options";
import * as ordersTable from "./orders-table";
import { send } from "./queue";
import { type Cancellation, isEnd, type Order, type State } from "./state";

/** One invocation of cancel-order. */
interface Call {
  state: State;
  me: Cancellation;
  index: number;
  options: Options;
  emit: Emit<State>;
}

export function askForCancellation(state: State, _: Options, emit: Emit<State>): void {
  const { order, cancels } = state;
  if (cancels === 0 || order.status === "none" || isEnd(order.status)) return;
  const cancellations: Cancellation[] = [{ at: "end", redrives: 0, attempt: 0 }];
  emit("event", "client DELETEs", { ...state, cancels: cancels - 1, cancellations });
}

export function cancel(state: State, index: number, options: Options, emit: Emit<State>): void {
  const me = state.cancellations[index];
  if (!me) return;
  const call = { state, me, index, options, emit };
  if (options.faults) emit("fault", `cancel-order dies before: ${me.at}`, gone(call));
  if (me.at === "send") {
    emit("normal", "cancel-order sends a message: 202", send(gone(call), options));
    return;
  }
  const isFirst = me.at === "end";
  const order = isFirst
    ? ordersTable.cancelUnclaimed(state.order, options)
    : ordersTable.requestCancellation(state.order, me, options);
  if (order) written(call, order, isFirst ? "cancel-order: CANCELLED" : "cancelRequestedAt is set");
  else lookAgain(call);
}

/** An answer that is lost makes no difference: the repeated write is refused, and finds what it wrote. */
function written(call: Call, order: Order, label: string): void {
  const { state, options, emit } = call;
  const violation = isEnd(order.status) ? cancelViolation(state.history) : undefined;
  const after = { ...call, state: { ...state, order } };
  emit("normal", label, goOn(after, { at: "send", redrives: 0, attempt: 0 }), violation);
  if (options.faults) emit("fault", `${label}, and cancel-order dies`, gone(after), violation);
}

/** The refused write brought the item along. */
function lookAgain(call: Call): void {
  const { emit, options, state } = call;
  const { status, isCancelRequested, redrives, attempt } = state.order;
  const hasEnded = isEnd(status) && options.bug !== "cancel takes what has ended";
  if (hasEnded) emit("normal", "cancel-order finds an end: 200 or 409", gone(call));
  else if (isCancelRequested) emit("normal", "cancel-order finds its request: 202", gone(call));
  else if (status === "RECEIVED") {
    emit("normal", "cancel-order tries again", goOn(call, { at: "end", redrives: 0, attempt: 0 }));
  } else {
    emit("normal", "cancel-order is refused", goOn(call, { at: "request", redrives, attempt }));
  }
}

function goOn({ state, index }: Call, me: Cancellation): State {
  return { ...state, cancellations: state.cancellations.with(index, me) };
}

function gone({ state, index }: Call): State {
  return { ...state, cancellations: state.cancellations.toSpliced(index, 1) };
}
