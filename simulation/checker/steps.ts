import type { Invocation } from "../invocation";
import { type Life, lifeOf, type ObservedOrder, type StepRun } from "./observed-orders";
import type { Watch } from "./watch";

/** Before a run of the step, or of its undo. */
export function stepStarts(
  watch: Watch,
  order: ObservedOrder,
  invocation: Invocation,
  isUndo: boolean,
  idempotencyKey: string,
): StepRun {
  const redrives = Number((order.tokens.get(invocation) ?? "").split("/")[0]);
  const run = { order, invocation, isUndo, redrives };
  const life = lifeOf(order, redrives);
  checkAlone(watch, order, run);
  if (isUndo) life.undos += 1;
  else life.steps += 1;
  checkCounts(watch, order, life, isUndo);
  checkIdempotencyKey(watch, order, life, idempotencyKey);
  order.running.add(run);
  return run;
}

export function stepEnds(run: StepRun, isDone: boolean): void {
  const { order, isUndo, redrives } = run;
  order.running.delete(run);
  if (isUndo && isDone) lifeOf(order, redrives).undosDone += 1;
}

/** Leases exclude a second run only where clocks agree. */
function checkAlone(watch: Watch, order: ObservedOrder, { isUndo }: StepRun): void {
  if (watch.plan.clockSkewMs !== 0) return;
  for (const other of order.running) {
    if (!isLive(watch, other.invocation)) continue;
    const what = `${nameOf(isUndo)} runs beside a live ${other.isUndo ? "undo" : "step"}`;
    watch.violated("I3", order, what);
  }
}

function checkCounts({ plan, violated }: Watch, order: ObservedOrder, life: Life, isUndo: boolean) {
  if (Math.max(life.steps, life.undos) > plan.maxAttempts) {
    violated("I3", order, `${nameOf(isUndo)} ran more than ${plan.maxAttempts} times`);
  }
  if (isUndo && life.claims.length <= plan.maxAttempts) {
    violated("I6", order, "given up before all attempts were used up");
  }
  if (!isUndo && life.undos > 0 && plan.clockSkewMs === 0) {
    violated("I3", order, "the step runs after its undo");
  }
}

function checkIdempotencyKey({ violated }: Watch, order: ObservedOrder, life: Life, key: string) {
  life.idempotencyKeys.add(key);
  if (life.idempotencyKeys.size > 1) violated("I3", order, "another idempotency key in one life");
  for (const other of order.lives.values()) {
    if (other !== life && other.idempotencyKeys.has(key)) {
      violated("I3", order, "the same idempotency key in two lives");
    }
  }
}

function nameOf(isUndo: boolean): string {
  return isUndo ? "the undo" : "the step";
}

/** One that is frozen, or over its time, may be overtaken. */
function isLive({ plan, now }: Watch, { state, isZombie, startedAt }: Invocation): boolean {
  return state === "running" && !isZombie && now() - startedAt <= plan.timeoutSeconds * 1000;
}
