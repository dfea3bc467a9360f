import type { Emit } from "../search";
import type { Options } from "./options";
import * as ordersTable from "./orders-table";
import { send } from "./queue";
import type { State } from "./state";

export function look(state: State, options: Options, emit: Emit<State>): void {
  const { order, reconcilers } = state;
  if (order.status === "none" || options.bug === "no reconciler") return;
  if (reconcilers.length >= options.reconcilers) return;
  const next: State = { ...state, reconcilers: [...reconcilers, "postpone"] };
  if (order.isOpen && order.isDue) emit("normal", "the reconciler finds the order due", next);
  else if (options.faults) emit("fault", "the reconciler reads a stale index entry", next);
}

export function reconcile(state: State, index: number, options: Options, emit: Emit<State>): void {
  const gone = { ...state, reconcilers: state.reconcilers.toSpliced(index, 1) };
  if (options.faults) emit("fault", "the reconciler dies or fails", gone);
  if (state.reconcilers[index] === "send") {
    emit("normal", "the reconciler sends a message", send(gone, options));
    return;
  }
  const order = ordersTable.postpone(state.order, options);
  if (!order) {
    emit("normal", "the reconciler is refused: not open, or not due any more", gone);
    return;
  }
  const reconcilers = state.reconcilers.with(index, "send");
  emit("normal", "the reconciler postpones checkAt", { ...state, order, reconcilers });
  if (options.faults) {
    emit("fault", "the reconciler postpones checkAt and dies", { ...gone, order });
  }
}
