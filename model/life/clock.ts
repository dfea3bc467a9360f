import type { Emit } from "../search";
import { isAtWork } from "./invariants";
import type { Options } from "./options";
import { sameToken, type State } from "./state";

export function passTime(state: State, { faults }: Options, emit: Emit<State>): void {
  const { order } = state;
  if (order.isOpen && !order.isDue) {
    emit("normal", "checkAt falls due", { ...state, order: { ...order, isDue: true } });
  }
  if (!order.isLeased && !order.isInBackoff) return;
  const free = { ...state, order: { ...order, isLeased: false, isInBackoff: false } };
  if (order.isInBackoff) {
    emit("normal", "the backoff passes", free);
    return;
  }
  const holder = state.workers.findIndex(
    (worker) =>
      !worker.isZombie && (isAtWork(worker) || worker.at === "release") && sameToken(worker, order),
  );
  const worker = state.workers[holder];
  if (!worker) {
    emit("normal", "the lease of a dead worker runs out", free);
    return;
  }
  if (!faults) return;
  const workers = state.workers.with(holder, { ...worker, isZombie: true });
  emit("fault", "the lease runs out under a slow worker, or another's clock is ahead", {
    ...free,
    workers,
  });
}
