import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const PROJECT = path.join(__dirname, "..", "..");
const NOT_OURS = ["node_modules", ".git", "coverage"];

/** Every file and folder of the project, from its root. */
export const PATHS = readdirSync(PROJECT, { withFileTypes: true })
  .filter(({ name }) => !NOT_OURS.includes(name))
  .flatMap((entry) => [entry.name, ...(entry.isDirectory() ? pathsIn(entry.name) : [])]);

export const PAGES = PATHS.filter((file) => file.endsWith(".md"));

export function read(file: string): string {
  return readFileSync(path.join(PROJECT, file), "utf8");
}

/** The rows of the page's table with these first columns, as their cells. */
export function rowsOf(page: string, ...columns: string[]): string[][] {
  const lines = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const isHead = (cells: string[]) => columns.every((column, i) => cells[i + 1] === column);
  const rows = lines.slice(lines.findIndex(isHead) + 2);
  const end = rows.findIndex(({ length }) => length === 1);
  return rows.slice(0, end).map((row) => row.slice(1, -1));
}

function pathsIn(folder: string): string[] {
  return readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: "utf8" }).map(
    (file) => path.join(folder, file),
  );
}
