import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const PROJECT = path.join(__dirname, "..");
const NEEDED = [
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "handlers",
  "index.ts",
  "infra",
  "package.json",
  "tsconfig.json",
];

/** A copy of the project in a directory of its own, with some files put in another's place. */
export function copyProject(files: Record<string, string> = {}): {
  directory: string;
  remove(): void;
} {
  const directory = mkdtempSync(path.join(tmpdir(), "order-processing-copy-"));
  for (const name of NEEDED) {
    cpSync(path.join(PROJECT, name), path.join(directory, name), { recursive: true });
  }
  symlinkSync(path.join(PROJECT, "node_modules"), path.join(directory, "node_modules"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
  return {
    directory,
    remove() {
      rmSync(directory, { recursive: true });
    },
  };
}
