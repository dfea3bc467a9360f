import type { Emit } from "../search";
import type { Options } from "./options";
import * as ordersTable from "./orders-table";
import { send } from "./queue";
import type { State } from "./state";

export function post(state: State, options: Options, emit: Emit<State>): void {
  const { posts, creations } = state;
  if (posts === 0 || creations.length >= options.creations) return;
  const next: State = { ...state, posts: posts - 1, creations: [...creations, "put"] };
  emit("event", state.order.status === "none" ? "client POSTs" : "client repeats the POST", next);
}

/** A put whose answer is lost is recognised by its random id when the SDK repeats it. */
export function create(state: State, index: number, options: Options, emit: Emit<State>): void {
  const { faults } = options;
  const gone = { ...state, creations: state.creations.toSpliced(index, 1) };
  if (faults) emit("fault", "create-order dies or fails", gone);
  if (state.creations[index] === "send") {
    emit("normal", "create-order sends the message: 202", send(gone, options));
    return;
  }
  const order = ordersTable.put(state.order, options);
  if (!order) {
    emit("normal", "create-order finds the order: 202, a replay", gone);
    return;
  }
  const creations = state.creations.with(index, "send");
  emit("normal", "create-order puts the order", { ...state, order, creations });
  if (faults) emit("fault", "create-order puts the order and dies", { ...gone, order });
}
