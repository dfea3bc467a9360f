import { type Outcome, OUTCOMES, type Result } from "./run";

const OUTCOME_WIDTH = Math.max(...OUTCOMES.map(({ length }) => length));

/** A line, and a second one with its detail. */
export function resultLines({ id, title, outcome, milliseconds, detail }: Result): string[] {
  const time = outcome === "not run" ? "" : ` (${milliseconds} ms)`;
  const indent = " ".repeat(OUTCOME_WIDTH + 2);
  return [
    `${outcome.padEnd(OUTCOME_WIDTH)}  ${id}: ${title}${time}`,
    ...(detail === undefined ? [] : [indent + detail]),
  ];
}

export function summaryLine(results: Result[]): string {
  const counts = Object.entries(countsOf(results)).map(([outcome, count]) => `${count} ${outcome}`);
  return `${results.length} cases: ${counts.join(", ")}`;
}

export function countsOf(results: Result[]): Record<Outcome, number> {
  const counts = { passed: 0, failed: 0, "not run": 0, "different as known": 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}
