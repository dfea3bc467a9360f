import { FAULT_KINDS } from "../laptop/endpoint/fault-injection";
import { nameOfCallSite } from "./call-sites";
import type { Cell } from "./matrix";

/** The matrix as a Markdown table: a row for each call, a column for each kind of fault. */
export function matrixReport(cells: Cell[]): string {
  const lines = [...new Set(cells.map(rowOf))].map((name) => {
    const row = cells.filter((cell) => rowOf(cell) === name);
    const marks = FAULT_KINDS.map((kind) => markOf(row.find((cell) => cell.kind === kind)));
    return `| ${name} | ${marks.join(" | ")} |`;
  });
  return [
    `| an order that | function | call | ${FAULT_KINDS.join(" | ")} |`,
    `|${" --- |".repeat(3 + FAULT_KINDS.length)}`,
    ...lines,
  ].join("\n");
}

/** A line for each cell that broke a promise. */
export function brokenCells(cells: Cell[]): string[] {
  return cells
    .filter(({ ok }) => !ok)
    .map((cell) => `BROKEN: an order that ${rowOf(cell)}, ${cell.kind}: ${cell.outcome}`);
}

function rowOf(cell: Cell): string {
  return `${cell.scenario} | ${nameOfCallSite(cell)}`;
}

function markOf(cell: Cell | undefined): string {
  if (!cell) return "";
  return cell.ok ? (cell.outcome.split(",")[0] ?? "") : "BROKEN";
}

export function matrixSummary(cells: Cell[]): string {
  const broken = cells.filter(({ ok }) => !ok).length;
  return `${cells.length} cells: ${cells.length - broken} kept every promise, ${broken} broke one`;
}
