import type { Emit } from "../search";
import { isAtWork } from "./invariants";
import type { Options } from "./options";
import { type Order, type State, NO_HISTORY, isEnd, published, sameToken } from "./state";
import * as writes from "./writes";

// Everybody and everything but the workers.

export function passTime(state: State, { faults }: Options, emit: Emit<State>): void {
  const { order } = state;
  if (order.isOpen && !order.isDue) {
    emit("normal", "checkAt falls due", { ...state, order: { ...order, isDue: true } });
  }
  if (!order.isLeased && !order.isInBackoff) return;
  const free = { ...state, order: { ...order, isLeased: false, isInBackoff: false } };
  if (order.isInBackoff) return emit("normal", "the backoff passes", free);
  const holder = state.workers.findIndex(
    (worker) =>
      !worker.isZombie && (isAtWork(worker) || worker.at === "release") && sameToken(worker, order),
  );
  const worker = state.workers[holder];
  if (!worker) return emit("normal", "the lease of a dead worker runs out", free);
  if (!faults) return;
  const workers = state.workers.with(holder, { ...worker, isZombie: true });
  emit("fault", "the lease runs out under a slow worker, or another's clock is ahead", {
    ...free,
    workers,
  });
}

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
    return emit("normal", "create-order sends the message: 202", send(gone, options));
  }
  const order = writes.put(state.order, options);
  if (!order) return emit("normal", "create-order finds the order: 202, a replay", gone);
  const creations = state.creations.with(index, "send");
  emit("normal", "create-order puts the order", { ...state, order, creations });
  if (faults) emit("fault", "create-order puts the order and dies", { ...gone, order });
}

function send(state: State, options: Options): State {
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
    return emit("normal", "a message goes to the dead letters", state);
  }
  const failed = { ...state, order: { ...order, status: "FAILED" as const, isLeased: false } };
  const violation = history.stepClaims === 0 ? "I6 FAILED without one attempt" : undefined;
  emit("normal", "a dead letter: FAILED", failed, violation);
}

function withWorker(state: State, receives: number): State {
  const start = { at: "decide", isZombie: false, attempt: 0, redrives: 0, end: "FAILED" } as const;
  return { ...state, workers: [...state.workers, { ...start, receives }] };
}

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
    return emit("normal", "the reconciler sends a message", send(gone, options));
  }
  const order = writes.postpone(state.order, options);
  if (!order)
    return emit("normal", "the reconciler is refused: not open, or not due any more", gone);
  const reconcilers = state.reconcilers.with(index, "send");
  emit("normal", "the reconciler postpones checkAt", { ...state, order, reconcilers });
  if (options.faults) {
    emit("fault", "the reconciler postpones checkAt and dies", { ...gone, order });
  }
}

export function operate(state: State, options: Options, emit: Emit<State>): void {
  const order = state.redrives > 0 ? writes.redrive(state.order, options) : undefined;
  if (!order) return;
  const { publications, stepRuns, isRestored } = state.history;
  const history = { ...NO_HISTORY, publications, stepRuns, isRestored };
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
    return emit("event", "(the moment to which the table is restored)", {
      ...state,
      snapshot: order,
    });
  }
  const isNew = options.restore === "into a new table";
  const publications = isNew ? publishedBefore(snapshot) : history.publications;
  const { snapshot: _, ...rest } = isNew ? withoutInvocations(state) : state;
  emit("event", "the table is restored", {
    ...rest,
    order: { ...snapshot, isInBackoff: false },
    history: { ...NO_HISTORY, publications, isRestored: true },
  });
}

function publishedBefore({ status, redrives, isNotified }: Order): number {
  return isNotified && isEnd(status) ? published(redrives, status) : 0;
}

function withoutInvocations(state: State): State {
  const messages = [...state.messages, ...state.workers.map(({ receives }) => receives)];
  return { ...state, messages, workers: [], creations: [], reconcilers: [] };
}
