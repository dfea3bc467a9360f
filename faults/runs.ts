import { readFileSync } from "node:fs";
import { isEnd } from "../handlers/order";
import type { Moment } from "./moment";

/** A step's function that really ran. */
export interface StepRun {
  orderId: string;
  step: string;
  /** When it began, in milliseconds. */
  at: number;
}

const UNDO = "undo:";

export function readRuns(file: string): StepRun[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line) as StepRun]));
}

/** What an order of the obedient step did against the promises about steps, in sentences. In one life. */
export function runViolations(runs: StepRun[], moments: readonly Moment[]): string[] {
  return [...runs.flatMap((run) => oneRunViolations(run, moments)), ...undoneViolations(moments)];
}

/**
 * The ledger sees each write after it was made, and before its response leaves. So a step may have run in the
 * very millisecond of a write, before or after it: nobody is accused of what was just in time.
 */
function oneRunViolations({ step, at }: StepRun, moments: readonly Moment[]): string[] {
  const known = moments.findLast((moment) => moment.at < at);
  if (!known) return [`"${step}" ran before the order was accepted`];
  const { ending } = moments.findLast((moment) => moment.at <= at) ?? known;
  const isUndo = step.startsWith(UNDO);
  return [
    ...(known.kept.some(({ name }) => name === step) ? [`"${step}" ran after it was kept`] : []),
    ...(isEnd(known.status) ? [`"${step}" ran after the order was ${known.status}`] : []),
    ...(known.ending && !isUndo ? [`"${step}" ran after the undo began`] : []),
    ...(!ending && isUndo ? [`"${step}" ran before the undo began`] : []),
  ];
}

/** Each step that was kept, where the order did not end COMPLETED; none where it did. */
function undoneViolations(moments: readonly Moment[]): string[] {
  const end = moments.at(-1);
  if (!end || !isEnd(end.status) || end.undoFailed) return [];
  const namesOf = (kind: string) =>
    end.kept.filter((kept) => kept.kind === kind).map(({ name }) => name);
  const expected = end.status === "COMPLETED" ? [] : namesOf("step").map((name) => UNDO + name);
  const undone = namesOf("undo");
  return [
    ...expected.filter((name) => !undone.includes(name)).map((name) => `no "${name}" was kept`),
    ...undone.filter((name) => !expected.includes(name)).map((name) => `"${name}" was kept`),
  ];
}
