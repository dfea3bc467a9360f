import { keptIn, type StoredKept } from "../../handlers/aws/stored-order";
import { isClaimOf } from "./claims";
import { type KeptEntry, type Life, lifeOf, type ObservedOrder } from "./observed-orders";
import type { Row, Write } from "./row";
import type { Watch } from "./watch";

/** What is kept in a life grows by one at a time, and never changes. */
export function checkKept(watch: Watch, order: ObservedOrder, write: Write): void {
  const { before, after } = write;
  if (before.kept === after.kept) return;
  const { violated } = watch;
  const isSame = before.kept.every((entry, i) => entry.S === after.kept[i]?.S);
  const more = after.kept.length - before.kept.length;
  if (!isSame || more > 1) violated("I10", order, "what was kept has changed");
  if (more !== 1) return;
  const life = lifeOf(order, after.redrives);
  const entry = {
    ...keptIn(JSON.parse(after.kept.at(-1)?.S ?? "") as StoredKept),
    attempt: after.attempt,
  };
  checkEntry(watch, order, life, write, entry);
  life.kept.push(entry);
  countAnew(life, entry);
  const claim = order.claims.get(write.by);
  if (claim) claim.isToldToCancel ||= after.isToBeCancelled;
}

function checkEntry(
  watch: Watch,
  order: ObservedOrder,
  life: Life,
  { by, before }: Write,
  entry: KeptEntry,
): void {
  const { violated } = watch;
  const { kind, name } = entry;
  if (!isClaimOf(order.claims.get(by), before)) {
    violated("I3", order, `${name} was kept under another's claim`);
  }
  if (life.kept.some((each) => each.name === name)) {
    violated("I10", order, `${name} was kept twice`);
  }
  if (kind !== "undo" && before.ending !== undefined) {
    violated("I11", order, `${name} was kept after the undo had begun`);
  }
  if (kind === "wait") checkWait(watch, order, life, entry);
}

function checkWait(
  { toleranceMs, violated }: Watch,
  order: ObservedOrder,
  { asked }: Life,
  { name, attempt, until = 0 }: KeptEntry,
): void {
  const isAsAsked = Math.abs(until - (asked.get(`${attempt} ${name}`) ?? NaN)) <= toleranceMs;
  if (!isAsAsked) violated("I13", order, `${name} has another length than was asked for`);
}

/** Tries are counted anew, and a wait has no backoff. */
function countAnew(life: Life, { kind }: KeptEntry): void {
  if (kind === "undo") life.undoTries = 0;
  else life.tries = 0;
  life.backoffAfter = kind === "wait" ? undefined : 0;
}

/** A redrive begins with nothing. */
export function checkNewLife({ violated }: Watch, order: ObservedOrder, row: Row): void {
  if (row.kept.length > 0) violated("I10", order, "a new life with kept results");
  if (row.ending !== undefined || row.isUndoFailed || row.isToBeCancelled) {
    violated("I11", order, "a new life that has its end already");
  }
}
