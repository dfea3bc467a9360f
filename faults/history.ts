import type { Change } from "../handlers/history";
import type { Kept } from "../handlers/kept";
import { TRANSITIONS } from "../handlers/order";
import type { Moment } from "./moment";

/** What a write after the put did: a change of the order, or bookkeeping that moves nothing on. */
export type Effect = Exclude<Change, "accept"> | "look again";

/** What the promises hang on; where an order is found, and when, is not among it. */
const WATCHED = [
  "redrives",
  "attempt",
  "workUntil",
  "leaseUntil",
  "isNotified",
  "isToBeCancelled",
  "undoFailed",
  "kept",
  "ending",
] as const satisfies (keyof Moment)[];

interface Rule {
  /** What of an order it may change, besides its status. */
  alters: readonly (typeof WATCHED)[number][];
  /** What it must have changed. */
  does: (before: Moment, after: Moment) => boolean;
}

const LEASE = ["workUntil", "leaseUntil"] as const;
const END = { alters: LEASE, does: (_before: Moment, after: Moment) => isFree(after) };

/** What each change does to an order, told from the order alone. Of two that fit, the first. */
const RULES: Record<Effect, Rule> = {
  notify: { alters: ["isNotified"], does: (_before, after) => after.isNotified },
  claim: {
    alters: ["attempt", ...LEASE],
    does: (before, after) => isNextClaim(before, after) && !before.ending,
  },
  "begin undo": {
    alters: ["attempt", "ending", ...LEASE],
    does: (before, after) =>
      isNextClaim(before, after) &&
      (before.ending ? isSame(before, after, "ending") : hasEnding(after)),
  },
  keep: { alters: ["kept"], does: (before, after) => newlyKept(before, after) !== undefined },
  wait: {
    alters: ["kept", ...LEASE],
    does: (before, after) =>
      (isSame(before, after, "kept") || newlyKept(before, after)?.kind === "wait") &&
      before.workUntil > 0 &&
      after.workUntil === 0 &&
      after.kept.some((kept) => kept.kind === "wait" && kept.until === after.leaseUntil),
  },
  release: {
    alters: LEASE,
    does: (before, after) => before.workUntil > 0 && after.workUntil === 0 && after.leaseUntil > 0,
  },
  "ask to cancel": {
    alters: ["isToBeCancelled", "leaseUntil"],
    does: (before, after) => !before.isToBeCancelled && after.leaseUntil === before.workUntil,
  },
  complete: END,
  reject: { ...END, alters: [...LEASE, "undoFailed"] },
  "give up": { ...END, alters: [...LEASE, "undoFailed"] },
  cancel: { ...END, alters: [...LEASE, "undoFailed", "isToBeCancelled"] },
  redrive: {
    alters: ["redrives", "attempt", "isNotified", "undoFailed", "kept", "ending"],
    does: ({ redrives }, after) =>
      after.redrives === redrives + 1 &&
      after.attempt === 0 &&
      after.kept.length === 0 &&
      !hasEnding(after),
  },
  "look again": { alters: [], does: () => true },
};

/** What has led from one moment to the next; undefined when nothing may. */
export function effectOf(before: Moment, after: Moment): Effect | undefined {
  const effects = Object.keys(RULES) as Effect[];
  return effects.find((effect) => {
    const { alters, does } = RULES[effect];
    const others = WATCHED.filter((name) => !alters.includes(name));
    return (
      isWay(effect, before, after) &&
      others.every((name) => isSame(before, after, name)) &&
      does(before, after)
    );
  });
}

function isWay(effect: Effect, { status: before }: Moment, { status: after }: Moment): boolean {
  if (effect === "notify" || effect === "look again") return before === after;
  return TRANSITIONS.some(
    ({ change, from, to }) => change === effect && from === before && to === after,
  );
}

function isNextClaim({ redrives, attempt }: Moment, after: Moment): boolean {
  return after.redrives === redrives && after.attempt === attempt + 1 && after.workUntil > 0;
}

function hasEnding({ ending }: Moment): boolean {
  return ending !== undefined;
}

/** What was kept last, where nothing else of it has changed. */
export function newlyKept(before: Moment, after: Moment): Kept | undefined {
  const [last, ...more] = after.kept.slice(before.kept.length);
  const isGrown =
    more.length === 0 && isEqual(before.kept, after.kept.slice(0, before.kept.length));
  return isGrown ? last : undefined;
}

function isFree({ workUntil, leaseUntil }: Moment): boolean {
  return workUntil === 0 && leaseUntil === 0;
}

function isSame(before: Moment, after: Moment, name: (typeof WATCHED)[number]): boolean {
  return isEqual(before[name], after[name]);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What the item's own history says that the write did; undefined where it says nothing. */
export function recordedChange(before: Moment, after: Moment): Change | undefined {
  const isNew = (i: number) => !isEqual(after.history[i], before.history[i]);
  return after.history.findLast((_entry, i) => isNew(i))?.change;
}
