import { FAULT_KINDS } from "../local/faults";
import type { Cell } from "./matrix";

/** The matrix as a Markdown table: a row for each call, a column for each kind of fault. */
export function matrixReport(cells: Cell[]): string {
  const lines = [...new Set(cells.map(placeOf))].map((place) => {
    const row = cells.filter((cell) => placeOf(cell) === place);
    const marks = FAULT_KINDS.map((kind) => markOf(row.find((cell) => cell.kind === kind)));
    return `| ${place} | ${marks.join(" | ")} |`;
  });
  return [
    `| scenario | function | call | ${FAULT_KINDS.join(" | ")} |`,
    `|${" --- |".repeat(3 + FAULT_KINDS.length)}`,
    ...lines,
  ].join("\n");
}

function placeOf({ scenario, caller, action, n }: Cell): string {
  return [`order ${scenario}`, caller, `${action} ${n}`].join(" | ");
}

function markOf(cell: Cell | undefined): string {
  if (!cell) return "";
  return cell.ok ? (cell.outcome.split(",")[0] ?? "") : "BROKEN";
}

export function matrixSummary(cells: Cell[]): string {
  const broken = cells.filter(({ ok }) => !ok).length;
  return `${cells.length} cells: ${cells.length - broken} kept every promise, ${broken} broke one`;
}
