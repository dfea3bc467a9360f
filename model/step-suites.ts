import type { Run } from "./run";

const ALL_ENTRIES = { steps: 2, waits: 1, undoSteps: 1 };

/** Work in steps that are kept, with waits, and an undo of steps. */
export const STEPS: Run[] = [
  {
    name: "two steps, a wait, redrive",
    options: { steps: 2, waits: 1, undoSteps: 1, duplicates: 0, maxReceives: 1 },
  },
  {
    name: "two workers, a step",
    options: { steps: 1, workers: 2, redrives: 0, rejects: false },
  },
  {
    name: "two workers, two steps, a wait",
    options: {
      steps: 2,
      waits: 1,
      workers: 2,
      redrives: 0,
      rejects: false,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "two workers, all kinds of entries, one attempt",
    options: {
      steps: 2,
      waits: 1,
      undoSteps: 1,
      workers: 2,
      redrives: 0,
      maxAttempts: 1,
      duplicates: 0,
    },
  },
  {
    name: "two workers, a step of the undo, step throws",
    options: { undoSteps: 1, step: "throws", workers: 2, redrives: 0, duplicates: 0 },
  },
  {
    name: "two workers, a step, redrive, one attempt",
    options: {
      steps: 1,
      workers: 2,
      maxAttempts: 1,
      rejects: false,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "a step, restore into a new table",
    options: {
      steps: 1,
      restore: "into a new table",
      redrives: 0,
      duplicates: 0,
      maxReceives: 1,
      rejects: false,
    },
  },
  {
    name: "no faults: throws now and then",
    options: { ...ALL_ENTRIES, faults: false, step: "mixed", undo: "mixed", workers: 2 },
  },
];

/** A client asks for the order's cancellation at any moment. */
export const CANCELLING: Run[] = [
  { name: "no steps, redrive", options: { cancels: 1, duplicates: 0 } },
  {
    name: "a step, a wait, a step of the undo",
    options: {
      cancels: 1,
      steps: 1,
      waits: 1,
      undoSteps: 1,
      redrives: 0,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "two workers, no steps",
    options: { cancels: 1, workers: 2, redrives: 0, duplicates: 0, maxReceives: 1 },
  },
  {
    name: "two workers, a step",
    options: {
      cancels: 1,
      steps: 1,
      workers: 2,
      redrives: 0,
      rejects: false,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "two workers, two steps, a wait, one attempt",
    options: {
      cancels: 1,
      steps: 2,
      waits: 1,
      workers: 2,
      redrives: 0,
      maxAttempts: 1,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "two workers, a step, redrive, one attempt",
    options: {
      cancels: 1,
      steps: 1,
      workers: 2,
      maxAttempts: 1,
      rejects: false,
      duplicates: 0,
      maxReceives: 1,
      undo: "ok",
    },
  },
  {
    name: "two workers, both throw, a step of the undo",
    options: {
      cancels: 1,
      undoSteps: 1,
      step: "throws",
      workers: 2,
      redrives: 0,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "no faults: throws now and then, one attempt",
    options: {
      ...ALL_ENTRIES,
      cancels: 1,
      faults: false,
      step: "mixed",
      undo: "mixed",
      workers: 2,
      redrives: 0,
      maxAttempts: 1,
      duplicates: 0,
    },
  },
];

/** What the design asks for, and no run tells from its absence: conditions that could be left out. */
export const NOT_TOLD_APART: Run[] = [
  {
    name: "complete asks for the token, not for the status",
    options: {
      bug: "complete asks for the token, not for the status",
      cancels: 1,
      workers: 2,
      redrives: 0,
      maxAttempts: 1,
      duplicates: 0,
    },
  },
  {
    name: "cancel asks for no token",
    options: {
      bug: "cancel asks for no token",
      cancels: 1,
      steps: 1,
      maxAttempts: 1,
      duplicates: 0,
      maxReceives: 1,
    },
  },
  {
    name: "cancel asks for no token, two workers",
    options: {
      bug: "cancel asks for no token",
      cancels: 1,
      steps: 1,
      waits: 1,
      workers: 2,
      redrives: 0,
      maxAttempts: 1,
      rejects: false,
      duplicates: 0,
      maxReceives: 1,
    },
  },
];
