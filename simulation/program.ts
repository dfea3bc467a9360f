import type { Draws } from "./random";

/** How a step, or what stands outside of steps, behaves for one order. */
export type Behaviour =
  | { kind: "works" }
  | { kind: "rejects" }
  /** The first `times` runs fail in this way; Infinity: all of them. */
  | { kind: "throws" | "kills" | "hangs"; times: number };

export interface PlannedStep {
  step: string;
  behaviour: Behaviour;
  /** Where it fails, it fails after it has had its effect. */
  isLate: boolean;
  /** The program catches what it throws, and goes on without it. */
  isOptional: boolean;
  /** How its undo behaves, which is a step of its own; undefined: it is undone outside of steps. */
  undo: Behaviour | undefined;
}

export interface PlannedWait {
  wait: string;
  milliseconds: number;
}

/** What a business step does for one order, one after another, each by its name. */
export type Part = PlannedStep | PlannedWait;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MAX_STEPS = 6;

/** Up to six steps, and waits between them. */
export function partsOf(draws: Draws, key: string): Part[] {
  const steps = draws.between(`${key} steps`, 0, MAX_STEPS);
  const parts = Array.from({ length: steps }, (_, i): Part[] => {
    const step = plannedStep(draws, `${key} step ${i}`, `step-${i}`);
    return draws.of(`${key} wait before ${i}`) < 0.25
      ? [plannedWait(draws, `${key} wait ${i}`, `wait-${i}`), step]
      : [step];
  }).flat();
  const hasLastWait = draws.of(`${key} wait at the end`) < 0.25;
  return hasLastWait ? [...parts, plannedWait(draws, `${key} last wait`, "wait-last")] : parts;
}

function plannedStep(draws: Draws, key: string, step: string): PlannedStep {
  return {
    step,
    behaviour: behaviourOf(draws, key),
    isLate: draws.of(`${key} is late`) < 0.6,
    isOptional: draws.of(`${key} is optional`) < 0.1,
    undo: draws.of(`${key} has an undo`) < 0.6 ? behaviourOf(draws, `${key} undo`) : undefined,
  };
}

function plannedWait(draws: Draws, key: string, wait: string): PlannedWait {
  const length = draws.of(`${key} length`);
  const upTo = (to: number) => draws.magnitude(`${key} for`, SECOND, to);
  if (length < 0.1) return { wait, milliseconds: 0 };
  if (length < 0.7) return { wait, milliseconds: upTo(10 * MINUTE) };
  if (length < 0.9) return { wait, milliseconds: upTo(5 * HOUR) };
  return { wait, milliseconds: upTo(length < 0.97 ? 3 * DAY : 40 * DAY) };
}

function behaviourOf(draws: Draws, key: string): Behaviour {
  const kind = draws.of(`${key} kind`);
  if (kind < 0.7) return { kind: "works" };
  const times = draws.pick(`${key} times`, [1, 1, 1, 2, 2, 3, 5, Infinity]);
  if (kind < 0.85) return { kind: "throws", times };
  return kind < 0.95 ? { kind: "kills", times } : { kind: "hangs", times };
}

/** What a deploy makes of it: one part added, removed, renamed, moved, or a wait of another length. */
export function changedParts(draws: Draws, key: string, parts: Part[]): Part[] {
  const at = draws.between(`${key} where`, 0, Math.max(0, parts.length - 1));
  const part = parts[at];
  const added = plannedStep(draws, `${key} step`, "added");
  if (!part) return [added];
  const rest = parts.toSpliced(at, 1);
  switch (draws.pick(`${key} how`, ["add", "remove", "rename", "move", "change"] as const)) {
    case "add":
      return parts.toSpliced(at, 0, added);
    case "remove":
      return rest;
    case "rename":
      return parts.with(at, renamed(part));
    case "move":
      return rest.toSpliced(draws.between(`${key} to`, 0, rest.length), 0, part);
    case "change":
      return parts.with(
        at,
        "wait" in part
          ? plannedWait(draws, `${key} wait`, part.wait)
          : plannedStep(draws, `${key} step`, part.step),
      );
  }
}

function renamed(part: Part): Part {
  return "wait" in part
    ? { ...part, wait: `${part.wait}-renamed` }
    : { ...part, step: `${part.step}-renamed` };
}

export function stepsOf(parts: readonly Part[]): PlannedStep[] {
  return parts.filter((part) => "step" in part);
}

export function waitsOf(parts: readonly Part[]): PlannedWait[] {
  return parts.filter((part) => "wait" in part);
}
