import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** Of a kind; then all of them go. */
const MAX_ENTRIES = 200;

/** Files in node_modules/.cache of a project: they are found again by the next start, and may go at any time. */
export interface Cache {
  /** Undefined where there is none. */
  read(key: string): unknown;
  /** Nothing happens where it cannot be written. */
  write(key: string, value: unknown): void;
}

export function openCache(project: string, kind: string): Cache {
  const folder = path.join(project, "node_modules", ".cache", "order-processing", kind);
  const fileOf = (key: string) => path.join(folder, createHash("sha256").update(key).digest("hex"));
  return {
    read(key) {
      try {
        return JSON.parse(readFileSync(fileOf(key), "utf8")) as unknown;
      } catch {
        return undefined;
      }
    },
    write(key, value) {
      const temporary = `${fileOf(key)}.${process.pid}`;
      try {
        mkdirSync(folder, { recursive: true });
        if (readdirSync(folder).length > MAX_ENTRIES) rmSync(folder, { recursive: true });
        mkdirSync(folder, { recursive: true });
        writeFileSync(temporary, JSON.stringify(value));
        renameSync(temporary, fileOf(key));
      } catch {
        rmSync(temporary, { force: true });
      }
    },
  };
}

/** What npm has installed, by its own account; empty where it keeps none. */
export function installedPackages(project: string): string {
  return textOf(path.join(project, "node_modules", ".package-lock.json"));
}

/** Empty where there is no such file. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
