import type { Options } from "./life/options";
import { PLANTED_BUGS } from "./planted-bugs";
import type { Run } from "./run";
import { CANCELLING, NOT_TOLD_APART, STEPS } from "./step-suites";

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
  limit("a zombie's step runs after it was kept by another", { steps: 1, workers: 2, redrives: 0 }),
];

export const SUITES = {
  design: DESIGN,
  "giving-up": GIVING_UP,
  "without-faults": WITHOUT_FAULTS,
  steps: STEPS,
  cancelling: CANCELLING,
  "not-told-apart": NOT_TOLD_APART,
  "planted-bugs": PLANTED_BUGS,
  limits: LIMITS,
};
export type Suite = keyof typeof SUITES;
