import type { Options } from "./life/options";
import { STUCK } from "./search";

export interface Run {
  name: string;
  options: Partial<Options>;
  /** The violation that must be found first; without one, everything must hold. */
  finds?: string;
}

/** The design under every fault, with one bound after the other raised. */
export const DESIGN: Run[] = [
  { name: "one worker, redrive", options: {} },
  { name: "two workers, redrive", options: { workers: 2, rejects: false, duplicates: 0 } },
  { name: "two workers, the step may reject", options: { workers: 2, redrives: 0 } },
  {
    name: "three workers, three messages",
    options: {
      workers: 3,
      messages: 3,
      redrives: 0,
      duplicates: 0,
      rejects: false,
      undo: "ok",
    },
  },
  { name: "two reconcilers", options: { reconcilers: 2 } },
  {
    name: "two workers, two reconcilers",
    options: { workers: 2, reconcilers: 2, redrives: 0, rejects: false },
  },
  {
    name: "two POSTs of one key at once",
    options: { posts: 2, creations: 2, duplicates: 0, redrives: 0 },
  },
  {
    name: "maxAttempts 3, two workers",
    options: { maxAttempts: 3, workers: 2, redrives: 0, rejects: false },
  },
  {
    name: "restore into a new table, redrive",
    options: { restore: "into a new table", duplicates: 0, rejects: false },
  },
  {
    name: "restore in place",
    options: { restore: "in place", duplicates: 0, rejects: false, redrives: 0 },
  },
];

/** Every order that cannot be completed ends FAILED, whatever the undo does. */
export const GIVING_UP: Run[] = [
  { name: "step throws, undo returns, redrive", options: { step: "throws", undo: "ok" } },
  {
    name: "step throws, undo throws now and then",
    options: { step: "throws", undo: "flaky", workers: 2, redrives: 0 },
  },
  {
    name: "step throws, undo always throws",
    options: { step: "throws", undo: "throws", workers: 2, redrives: 0 },
  },
  {
    name: "step throws, undo kills its process",
    options: { step: "throws", undo: "kills", workers: 2, redrives: 0 },
  },
  {
    name: "step kills its process, undo returns",
    options: { step: "kills", undo: "ok", workers: 2, redrives: 0 },
  },
  {
    name: "both kill their process, redrive",
    options: { step: "kills", undo: "kills" },
  },
  {
    name: "two workers, redrive, both throw",
    options: { step: "throws", undo: "throws", workers: 2, duplicates: 0 },
  },
  {
    name: "maxAttempts 3, both throw",
    options: { maxAttempts: 3, step: "throws", undo: "throws", redrives: 0 },
  },
];

/** Without a single fault but duplicates, everything goes on by itself. */
export const WITHOUT_FAULTS: Run[] = [
  {
    name: "no faults: both kill their process",
    options: { faults: false, step: "kills", undo: "kills", workers: 2 },
  },
  {
    name: "no faults: both throw now and then, two POSTs",
    options: { faults: false, step: "mixed", undo: "mixed", workers: 2, posts: 2, creations: 2 },
  },
];

const TWO_AT_WORK = "I3 two at work on one order, neither a zombie";
const STALE_LIFE = "I3 a result of an earlier life is recorded";
const STALE_ATTEMPT = "I3 a result of an earlier attempt is recorded";
const TOO_MANY_STEPS = "I3 the step runs more than maxAttempts times in a life";
const NOT_OPEN = "I1 not notified and not in the index of open orders";
const NOT_PUBLISHED = "I4 notifiedAt without a publication of that end";
const END_CHANGES = "I2 an end changes by itself";
const BACKOFF = "I6 a claim during a backoff";
const UNDO_TOO_SOON = "I9 the undo runs before maxAttempts attempts were claimed";
const UNDO_TOO_OFTEN = "I9 the undo runs more than maxAttempts times in a life";
const UNDO_BESIDE = "I9 the undo runs while another is at work, no zombie";
const FAILED_TOO_SOON = "I9 FAILED before the undo returned or had all its tries";

function bug(name: NonNullable<Options["bug"]>, finds: string, options: Partial<Options>): Run {
  return { name, options: { bug: name, rejects: false, duplicates: 0, ...options }, finds };
}

/** One mistake each, and the violation by which it is noticed. */
export const PLANTED_BUGS: Run[] = [
  bug("put opens nothing", NOT_OPEN, {}),
  bug("no reconciler", STUCK, { redrives: 0 }),
  bug("reconciler moves what is not open", "I7 notified and still in the index of open orders", {}),
  bug("dead letter fails the order", "I6 FAILED without one attempt", {}),
  bug("claim ignores the lease", TWO_AT_WORK, { workers: 2 }),
  bug("claim asks for the token alone, not for the lease", BACKOFF, { workers: 2 }),
  bug("claim asks for the token alone, not for the status", END_CHANGES, { workers: 2 }),
  bug("claim takes FAILED", END_CHANGES, {}),
  bug("claim ignores maxAttempts", TOO_MANY_STEPS, { step: "throws" }),
  bug("claim counts at release", TOO_MANY_STEPS, { step: "kills" }),
  bug("complete ignores the token", STALE_ATTEMPT, { workers: 2, redrives: 0 }),
  bug("complete compares the attempt alone", STALE_LIFE, { workers: 2 }),
  bug("release ignores the token", TWO_AT_WORK, { workers: 2, redrives: 0 }),
  bug("release writes no backoff", BACKOFF, { workers: 2, duplicates: 1 }),
  bug("end leaves the index", NOT_OPEN, {}),
  bug("stamp before publish", NOT_PUBLISHED, {}),
  bug("stamp ignores the life", NOT_PUBLISHED, { workers: 2, step: "throws", undo: "ok" }),
  bug("redrive keeps the life", "I4 two ends of one life are published", {}),
  bug("redrive keeps tries", UNDO_TOO_SOON, {}),
  bug("no giving up", FAILED_TOO_SOON, {}),
  bug("undo without a claim", UNDO_BESIDE, { workers: 2, redrives: 0 }),
  bug("undo ignores the lease", TWO_AT_WORK, { workers: 2, redrives: 0 }),
  bug("undo after one attempt too few", UNDO_TOO_SOON, {}),
  bug("undo after FAILED", FAILED_TOO_SOON, {}),
  bug("undo without a bound", UNDO_TOO_OFTEN, { step: "throws", undo: "throws" }),
  bug("undo that threw counts as returned", FAILED_TOO_SOON, {}),
  bug("giving up keeps attempt", "I9 a result is recorded after giving up was claimed", {
    workers: 2,
    redrives: 0,
  }),
  bug("giving up keeps tries", UNDO_TOO_OFTEN, { step: "throws", undo: "throws" }),
  bug("fail ignores the token", "I6 FAILED before maxAttempts attempts were claimed", {
    workers: 2,
    step: "throws",
  }),
  bug("fail without undo after one try", FAILED_TOO_SOON, {}),
];

function limit(finds: string, options: Partial<Options>): Run {
  return {
    name: finds,
    options: { limits: true, duplicates: 0, rejects: false, ...options },
    finds,
  };
}

/** What the design cannot prevent, and the documentation of the business step has to say. */
export const LIMITS: Run[] = [
  limit("a zombie's step runs after the undo", { workers: 2, redrives: 0 }),
  limit("the undo runs while a zombie is at the step", { workers: 2, redrives: 0 }),
  limit("a zombie's undo runs after the end", { workers: 2, redrives: 0 }),
  limit("a zombie's undo runs in the next life", { workers: 2 }),
  limit("the reason says that the undo failed, but it returned", { redrives: 0 }),
  limit("FAILED, although the step returned once", { redrives: 0 }),
];

export const SUITES = {
  design: DESIGN,
  "giving-up": GIVING_UP,
  "without-faults": WITHOUT_FAULTS,
  "planted-bugs": PLANTED_BUGS,
  limits: LIMITS,
};
export type Suite = keyof typeof SUITES;
