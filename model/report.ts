import type { Options } from "./life/options";
import type { State } from "./life/state";
import type { Run } from "./run";
import type { Outcome, Violation } from "./search";

export interface Result {
  run: Run;
  outcome: Outcome<State>;
}

export function isAsExpected({ run: { finds }, outcome }: Result): boolean {
  if (finds !== undefined) return outcome.violations.some(({ name }) => name === finds);
  return outcome.violations.length === 0 && !outcome.isTruncated;
}

export function resultLine(result: Result): string {
  const { run, outcome } = result;
  const mark = isAsExpected(result) ? "ok   " : "WRONG";
  const figures = `${number(outcome.states)} states, ${outcome.cpuSeconds.toFixed(1)} s`;
  return `${mark} ${run.name}: ${verdict(result)} (${figures})`;
}

export function suiteTable(title: string, results: Result[]): string {
  return [
    `## ${title}`,
    "",
    "| run | bounds | states | transitions | depth | processor s | verdict |",
    "| --- | --- | --: | --: | --: | --: | --- |",
    ...results.map((result) => {
      const { run, outcome } = result;
      const { states, transitions, depth, cpuSeconds } = outcome;
      const counts = [states, transitions, depth].map(number);
      const cells = [run.name, bounds(run.options), ...counts, cpuSeconds.toFixed(1)];
      return `| ${[...cells, verdict(result)].join(" | ")} |`;
    }),
    "",
  ].join("\n");
}

/** A shortest way to each violation that was to be found. */
export function traces(results: Result[]): string {
  return results
    .map(({ run, outcome }) => {
      const found = outcome.violations.find(({ name }) => name === run.finds);
      return found ? details(`${run.name}: ${found.name}`, found) : "";
    })
    .join("");
}

function details(title: string, { trace }: Violation<State>): string {
  const steps = trace.map(({ label, state }, i) => `${i + 1}. ${label} → ${show(state)}`);
  return [`<details><summary>${title}</summary>`, "", ...steps, "", "</details>", "", ""].join(
    "\n",
  );
}

function show({ order }: State): string {
  const { status, redrives, attempt, isLeased, pause, kept, keptOfUndo, ending } = order;
  if (status === "none") return "no order";
  const words = [`${status}, life ${redrives}, attempt ${attempt}`];
  if (kept > 0) words.push(`${kept} kept`);
  if (keptOfUndo > 0) words.push(`${keptOfUndo} of the undo kept`);
  if (ending !== "none") words.push(`ending ${ending}`);
  if (order.isCancelRequested) words.push("to be cancelled");
  if (pause !== "none") words.push(pause === "wait" ? "in a wait" : "in backoff");
  else if (isLeased) words.push("leased");
  return words.join(", ");
}

function verdict(result: Result): string {
  const { violations, isTruncated } = result.outcome;
  const wanted = violations.filter(({ name }) => name === result.run.finds);
  const named = wanted.length > 0 ? wanted : violations;
  if (named.length === 0) return isTruncated ? "truncated" : "all hold";
  return named.map(({ name, trace }) => `${name}, in ${trace.length} steps`).join("; ");
}

/** What differs from the defaults; the bug is the run's name. */
function bounds(options: Partial<Options>): string {
  const named = Object.entries(options).filter(([name]) => name !== "bug" && name !== "limits");
  return named.map(([name, value]) => `${name} ${String(value)}`).join(", ");
}

function number(value: number): string {
  return value.toLocaleString("en");
}
