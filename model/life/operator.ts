import type { Emit } from "../search";
import type { Options } from "./options";
import * as ordersTable from "./orders-table";
import { send } from "./queue";
import { isEnd, NO_HISTORY, type Order, published, type State } from "./state";

export function operate(state: State, options: Options, emit: Emit<State>): void {
  const order = state.redrives > 0 ? ordersTable.redrive(state.order, options) : undefined;
  if (!order) return;
  const { publications, isRestored } = state.history;
  const history = { ...NO_HISTORY, publications, isRestored };
  const next = { ...state, order, history, redrives: state.redrives - 1 };
  emit("event", "redrive, and a message", send(next, options));
  emit("event", "redrive, but the message cannot be sent", next);
}

/** The table as it was at an earlier moment, once. */
export function restore(state: State, options: Options, emit: Emit<State>): void {
  const { order, snapshot, history } = state;
  if (options.restore === "none" || history.isRestored) return;
  if (!snapshot) {
    if (order.status === "none") return;
    emit("event", "(the moment to which the table is restored)", {
      ...state,
      snapshot: order,
    });
    return;
  }
  const isNew = options.restore === "into a new table";
  const publications = isNew ? publishedBefore(snapshot) : history.publications;
  const { snapshot: _, ...rest } = isNew ? withoutInvocations(state) : state;
  emit("event", "the table is restored", {
    ...rest,
    order: snapshot,
    history: { ...NO_HISTORY, publications, isRestored: true },
  });
}

function publishedBefore({ status, redrives, isNotified }: Order): number {
  return isNotified && isEnd(status) ? published(redrives, status) : 0;
}

function withoutInvocations(state: State): State {
  const messages = [...state.messages, ...state.workers.map(({ receives }) => receives)];
  return { ...state, messages, workers: [], creations: [], reconcilers: [], cancellations: [] };
}
