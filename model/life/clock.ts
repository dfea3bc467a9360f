import type { Emit } from "../search";
import { hasClaimed } from "./invariants";
import type { Options } from "./options";
import { sameToken, type State } from "./state";

const PASSES = { backoff: "the backoff passes", wait: "the wait passes" };

export function passTime(state: State, { faults }: Options, emit: Emit<State>): void {
  const { order } = state;
  if (order.isOpen && !order.isDue) {
    emit("normal", "checkAt falls due", { ...state, order: { ...order, isDue: true } });
  }
  if (!order.isLeased && order.pause === "none") return;
  const free = { ...state, order: { ...order, isLeased: false, pause: "none" as const } };
  if (order.pause !== "none") {
    emit("normal", PASSES[order.pause], free);
    return;
  }
  const holder = state.workers.findIndex(
    (worker) => !worker.isZombie && hasClaimed(worker) && sameToken(worker, order),
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
