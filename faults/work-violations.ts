import { FAILURE_REASON } from "../handlers/life";
import { isEnd } from "../handlers/order";
import { type Effect, effectOf, newlyKept } from "./history";
import type { Moment } from "./moment";

/** Claims since something was kept, as counted from outside. */
interface Tries {
  attempts: number;
  undos: number;
}

/** What went against the promises about steps, waits, the undo and cancellations, in sentences. */
export function workViolations(moments: Moment[], maxAttempts: number): string[] {
  const tries: Tries = { attempts: 0, undos: 0 };
  return moments.slice(1).flatMap((after, i) => {
    const before = moments[i] ?? after;
    const effect = effectOf(before, after);
    const violations = changeViolations(effect, before, after, tries, maxAttempts);
    if (effect === "claim") tries.attempts += 1;
    if (effect === "begin undo") tries.undos += 1;
    if (effect === "keep" || effect === "wait") tries[before.ending ? "undos" : "attempts"] = 0;
    if (effect === "redrive") Object.assign(tries, { attempts: 0, undos: 0 });
    return violations;
  });
}

/** `tries`: before this change. */
function changeViolations(
  effect: Effect | undefined,
  before: Moment,
  after: Moment,
  tries: Tries,
  maxAttempts: number,
): string[] {
  if (effect === "claim") return claimViolations(before, after, tries, maxAttempts);
  if (effect === "begin undo") return undoViolations(before, after, tries, maxAttempts);
  if (effect === "keep" || effect === "wait") return keepViolations(before, after);
  const isEndOfLife = isEnd(after.status) && !isEnd(before.status);
  return isEndOfLife ? endViolations(before, after, tries, maxAttempts) : [];
}

function claimViolations(
  before: Moment,
  after: Moment,
  { attempts }: Tries,
  maxAttempts: number,
): string[] {
  return [
    ...(before.leaseUntil > after.at ? ["it was claimed before its lease was over"] : []),
    ...(before.isToBeCancelled ? ["it was attempted after its cancellation was requested"] : []),
    ...(attempts < maxAttempts
      ? []
      : [`it was attempted ${attempts + 1} times, with nothing kept`]),
  ];
}

function undoViolations(
  before: Moment,
  { ending, isToBeCancelled }: Moment,
  { attempts, undos }: Tries,
  maxAttempts: number,
): string[] {
  const violations: string[] = [];
  if (undos >= maxAttempts) violations.push(`its undo was begun ${undos + 1} times`);
  if (before.ending || ending === undefined) return violations;
  if (ending.status === "CANCELLED" && !isToBeCancelled) {
    violations.push("it was to be CANCELLED, and nobody had requested it");
  }
  if (ending.reason === FAILURE_REASON && attempts < maxAttempts) {
    violations.push(`it failed after ${attempts} claims, with attempts left`);
  }
  return violations;
}

function keepViolations(before: Moment, after: Moment): string[] {
  const kept = newlyKept(before, after);
  if (!kept) return [];
  const { name, kind } = kept;
  const isOfUndo = kind === "undo";
  return [
    ...(before.kept.some((each) => each.name === name) ? [`"${name}" was kept twice`] : []),
    ...(isOfUndo && !before.ending ? [`"${name}" was kept before the undo began`] : []),
    ...(!isOfUndo && before.ending ? [`"${name}" was kept after the undo began`] : []),
    ...(kind === "wait" && before.isToBeCancelled && after.workUntil === 0
      ? ["it waits after its cancellation was requested"]
      : []),
  ];
}

function endViolations(
  before: Moment,
  { status, undoFailed, isToBeCancelled }: Moment,
  { undos }: Tries,
  maxAttempts: number,
): string[] {
  const { ending } = before;
  const violations: string[] = [];
  if ((status === "CANCELLED") !== isToBeCancelled) {
    violations.push(`it is ${status}, whatever was requested`);
  }
  if (status === "COMPLETED" && ending) violations.push("it is COMPLETED after its undo began");
  if (status !== "COMPLETED" && !ending && before.status !== "RECEIVED" && !undoFailed) {
    violations.push(`it is ${status} without an undo`);
  }
  if (ending && status !== "CANCELLED" && status !== ending.status) {
    violations.push(`it is ${status}, and was to be ${ending.status}`);
  }
  if (undoFailed && undos < maxAttempts) {
    violations.push(`its undo was given up after ${undos} claims`);
  }
  return violations;
}
