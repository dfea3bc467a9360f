import type { Invocation } from "../invocation";
import { isClaimOf } from "./claims";
import {
  type KeptEntry,
  type Life,
  lifeOf,
  type ObservedOrder,
  type Returned,
  type WorkRun,
} from "./observed-orders";
import { tokenOf } from "./row";
import type { Watch } from "./watch";

/** Before a run of the business step, or of its undo. */
export function workStarts(
  watch: Watch,
  order: ObservedOrder,
  invocation: Invocation,
  isUndo: boolean,
  idempotencyKey: string,
): WorkRun {
  const claim = order.claims.get(invocation);
  const { redrives, attempt } = claim ?? { redrives: -1, attempt: -1 };
  const run = { order, invocation, isUndo, redrives, attempt };
  if (!claim) watch.violated("I3", order, `${nameOf(isUndo)} runs without a claim`);
  const life = lifeOf(order, redrives);
  checkAlone(watch, order, run);
  if (isUndo) life.undos += 1;
  else life.steps += 1;
  const token = `${nameOf(isUndo)} ${tokenOf(run)}`;
  if (life.runs.has(token)) watch.violated("I3", order, `${token} ran twice under one claim`);
  life.runs.add(token);
  checkIdempotencyKey(watch, run, "end", idempotencyKey);
  order.running.add(run);
  return run;
}

/** Leases exclude a second run only where clocks agree. */
function checkAlone(watch: Watch, order: ObservedOrder, { isUndo, invocation }: WorkRun): void {
  for (const other of order.running) {
    // What a run has left unsettled is over when its process goes on with the undo.
    if (other.invocation === invocation || !isLive(watch, other.invocation)) {
      order.running.delete(other);
    } else if (watch.plan.clockSkewMs === 0) {
      const what = `${nameOf(isUndo)} runs beside a live ${other.isUndo ? "undo" : "step"}`;
      watch.violated("I3", order, what);
    }
  }
}

/** One that is frozen, or over its time, may be overtaken. */
function isLive({ plan, now }: Watch, { state, isZombie, startedAt }: Invocation): boolean {
  return state === "running" && !isZombie && now() - startedAt <= plan.timeoutSeconds * 1000;
}

export function workReturned(run: WorkRun, returned: Returned): void {
  const { order, redrives } = run;
  order.running.delete(run);
  lifeOf(order, redrives).returned.set(tokenOf(run), returned);
}

/** Before the function of a step runs. */
export function stepStarts(watch: Watch, run: WorkRun, name: string, idempotencyKey: string): void {
  const { order, invocation, isUndo, attempt } = run;
  const { violated } = watch;
  const claim = order.claims.get(invocation);
  checkIdempotencyKey(watch, run, name, idempotencyKey);
  if (!isClaimOf(claim, run)) violated("I11", order, `${name} runs after its attempt was over`);
  const known = keptIn(run, name);
  if (known && known.attempt <= attempt) violated("I10", order, `${name} is kept, and runs again`);
  if (!isUndo && claim?.isToldToCancel === true) {
    violated("I12", order, `${name} runs although the order is to be cancelled`);
  }
}

/** What `work.step` gives is what was kept. */
export function stepGave({ violated }: Watch, run: WorkRun, name: string, result: unknown): void {
  const known = keptIn(run, name);
  if (JSON.stringify(known?.result) !== JSON.stringify(result)) {
    violated("I10", run.order, `${name} gave another result than was kept`);
  }
}

export function waitAsked({ now }: Watch, run: WorkRun, name: string, milliseconds: number): void {
  const { order, redrives, attempt } = run;
  lifeOf(order, redrives).asked.set(`${attempt} ${name}`, now() + milliseconds);
}

export function waitPassed({ now, toleranceMs, violated }: Watch, run: WorkRun, name: string) {
  const { until = Infinity } = keptIn(run, name) ?? {};
  if (until > now() + toleranceMs) violated("I13", run.order, `${name} was shorter than asked`);
}

/** The undo gets the steps that were kept, newest first. */
export function undoGot({ violated }: Watch, run: WorkRun, steps: string[]): void {
  const { kept } = lifeOf(run.order, run.redrives);
  const expected = kept.filter(({ kind }) => kind === "step").map(({ name }) => name);
  if (expected.reverse().join() !== steps.join()) {
    violated("I11", run.order, `its undo got ${steps.join() || "nothing"}`);
  }
}

function keptIn({ order, redrives }: WorkRun, name: string): KeptEntry | undefined {
  return lifeOf(order, redrives).kept.find((each) => each.name === name);
}

function checkIdempotencyKey(
  { violated }: Watch,
  { order, redrives }: WorkRun,
  step: string,
  key: string,
): void {
  const life: Life = lifeOf(order, redrives);
  const known = life.idempotencyKeys.get(step) ?? key;
  if (known !== key) violated("I3", order, `another idempotency key of ${step} in one life`);
  life.idempotencyKeys.set(step, key);
  for (const other of order.lives.values()) {
    if (other !== life && other.idempotencyKeys.get(step) === key) {
      violated("I3", order, "the same idempotency key in two lives");
    }
  }
}

function nameOf(isUndo: boolean): string {
  return isUndo ? "the undo" : "the step";
}
