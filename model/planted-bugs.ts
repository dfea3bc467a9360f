import type { CancelBug } from "./life/bugs";
import type { Options } from "./life/options";
import type { Run } from "./run";
import { STUCK } from "./search";

const TWO_AT_WORK = "I3 two at work on one order, neither a zombie";
const STALE_LIFE = "I3 a result of an earlier life is recorded";
const STALE_ATTEMPT = "I3 a result of an earlier attempt is recorded";
const TOO_MANY_CLAIMS =
  "I3 more than maxAttempts claims for attempts, and nothing kept between them";
const NOT_OPEN = "I1 not notified and not in the index of open orders";
const NOT_PUBLISHED = "I4 notifiedAt without a publication of that end";
const END_CHANGES = "I2 an end changes by itself";
const BACKOFF = "I6 a claim during a backoff";
const UNDO_TOO_SOON = "I9 the undo runs before maxAttempts attempts were claimed";
const UNDO_TOO_OFTEN =
  "I9 more than maxAttempts claims for the undo, and nothing of it kept between them";
const UNDO_BESIDE = "I9 the undo runs while another is at work, no zombie";
const NOT_UNDONE = "I11 the order ends without its undo";
const RUNS_AGAIN = "I10 a kept step runs again";
const COMPLETED_UNDONE = "I11 COMPLETED after the undo began";
const OTHER_END = "I12 the cancellation was requested, and the order has another end";
const WAITS = "I12 an order that is to be cancelled waits, and nobody works on it";
const STARTS = "I12 work starts after the cancellation was requested";

function bug(name: NonNullable<Options["bug"]>, finds: string, options: Partial<Options>): Run {
  return { name, options: { bug: name, rejects: false, duplicates: 0, ...options }, finds };
}

const OF_THE_LIFE: Run[] = [
  bug("put opens nothing", NOT_OPEN, {}),
  bug("no reconciler", STUCK, { redrives: 0 }),
  bug("reconciler moves what is not open", "I7 notified and still in the index of open orders", {}),
  bug("dead letter fails the order", "I6 FAILED without one attempt", {}),
  bug("claim ignores the lease", TWO_AT_WORK, { workers: 2 }),
  bug("claim asks for the token alone, not for the lease", BACKOFF, { workers: 2 }),
  bug("claim asks for the token alone, not for the status", END_CHANGES, { workers: 2 }),
  bug("claim takes FAILED", END_CHANGES, {}),
  bug("claim ignores maxAttempts", TOO_MANY_CLAIMS, { step: "throws" }),
  bug("claim counts at release", TOO_MANY_CLAIMS, { step: "kills" }),
  bug("complete ignores the token", STALE_ATTEMPT, { workers: 2, redrives: 0 }),
  bug("complete compares the attempt alone", STALE_LIFE, { workers: 2 }),
  bug("release ignores the token", TWO_AT_WORK, { workers: 2, redrives: 0 }),
  bug("release writes no backoff", BACKOFF, { workers: 2, duplicates: 1 }),
  bug("end leaves the index", NOT_OPEN, {}),
  bug("stamp before publish", NOT_PUBLISHED, {}),
  bug("stamp ignores the life", NOT_PUBLISHED, { workers: 2, step: "throws", undo: "ok" }),
  bug("redrive keeps the life", "I4 two ends of one life are published", {}),
  bug("redrive keeps tries", UNDO_TOO_SOON, {}),
  bug("no giving up", NOT_UNDONE, {}),
  bug("undo without a claim", UNDO_BESIDE, { workers: 2, redrives: 0 }),
  bug("undo ignores the lease", TWO_AT_WORK, { workers: 2, redrives: 0 }),
  bug("undo after one attempt too few", UNDO_TOO_SOON, {}),
  bug("undo after FAILED", NOT_UNDONE, {}),
  bug("undo without a bound", UNDO_TOO_OFTEN, { step: "throws", undo: "throws" }),
  bug("undo that threw counts as returned", NOT_UNDONE, {}),
  bug("giving up keeps attempt", COMPLETED_UNDONE, {
    workers: 2,
    redrives: 0,
  }),
  bug("giving up keeps tries", UNDO_TOO_OFTEN, { step: "throws", undo: "throws" }),
  bug("fail ignores the token", "I6 FAILED before maxAttempts attempts were claimed", {
    workers: 2,
    step: "throws",
  }),
  bug("fail without undo after one try", NOT_UNDONE, {}),
];

/** Of steps, waits and the undo. */
const OF_STEPS: Run[] = [
  bug("keep ignores the token", STALE_ATTEMPT, { steps: 1, workers: 2, redrives: 0 }),
  bug("keep does not look whether it is kept already", "I10 a step is kept twice", { steps: 1 }),
  bug("keep does not reset tries", UNDO_TOO_SOON, { steps: 1 }),
  bug("undo step does not reset undoTries", NOT_UNDONE, { undoSteps: 1 }),
  bug("claim goes on from the entries that it saw", RUNS_AGAIN, {
    steps: 1,
    workers: 2,
    redrives: 0,
  }),
  bug("claim counts from the tries that it saw", UNDO_TOO_SOON, {
    steps: 1,
    workers: 2,
    redrives: 0,
  }),
  bug("giving up ignores a step kept meanwhile", UNDO_TOO_SOON, {
    steps: 1,
    workers: 2,
    redrives: 0,
  }),
  bug("fail without undo ignores a step kept meanwhile", NOT_UNDONE, {
    undoSteps: 1,
    workers: 2,
    step: "throws",
    redrives: 0,
  }),
  bug("wait writes no lease", "I13 a claim during a wait", { waits: 1 }),
  bug("rejection runs the undo without writing ending first", COMPLETED_UNDONE, { rejects: true }),
  bug("rejection ends the order without its undo", NOT_UNDONE, { rejects: true }),
  bug("turn keeps the attempt", "I11 work goes on after the undo began", {
    rejects: true,
    workers: 2,
    redrives: 0,
  }),
  bug("undoTries is reset at each claim", UNDO_TOO_OFTEN, { step: "throws", undo: "throws" }),
  bug("redrive keeps kept steps", "I10 COMPLETED, and not every step was kept in its life", {
    steps: 1,
  }),
  bug("redrive keeps ending", UNDO_TOO_SOON, {}),
  bug("redrive keeps undoTries", NOT_UNDONE, {}),
  bug(
    "redrive keeps steps of the undo",
    "I11 the undo returns, and not every step of it was kept",
    { undoSteps: 1 },
  ),
];

/** Of cancellation. */
const OF_CANCELLING: Run[] = [
  cancelBug("complete ignores cancelRequestedAt", OTHER_END, {}),
  cancelBug("end after undo ignores cancelRequestedAt", OTHER_END, {}),
  cancelBug("end without undo ignores cancelRequestedAt", OTHER_END, {}),
  cancelBug("wait ignores cancelRequestedAt", WAITS, { waits: 1 }),
  cancelBug("release ignores cancelRequestedAt", WAITS, {}),
  cancelBug("claim ignores cancelRequestedAt", STARTS, {}),
  cancelBug("decision ignores cancelRequestedAt", STARTS, {}),
  cancelBug("work goes on after a keep that saw a cancellation", STARTS, { steps: 1 }),
  cancelBug("cancel ends what was claimed and kept nothing", NOT_UNDONE, {}),
  cancelBug("cancel frees an order that is worked on", TWO_AT_WORK, { workers: 2 }),
  cancelBug("cancel leaves a wait or backoff", WAITS, { waits: 1 }),
  cancelBug("cancel takes what has ended", OTHER_END, {}),
];

function cancelBug(name: CancelBug, finds: string, options: Partial<Options>): Run {
  return bug(name, finds, { cancels: 1, redrives: 0, ...options });
}

/** One mistake each, and the violation by which it is noticed. */
export const PLANTED_BUGS: Run[] = [...OF_THE_LIFE, ...OF_STEPS, ...OF_CANCELLING];
