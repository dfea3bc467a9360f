import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

export const PROJECT = path.join(__dirname, "..");

export interface Checkout {
  directory: string;
  commit: string;
  remove(): void;
}

/** The full hash of a commit of this project. Throws a sentence where there is none. */
export function commitOf(name: string): string {
  try {
    return git(PROJECT, "rev-parse", "--verify", "--quiet", `${name}^{commit}`).trim();
  } catch {
    throw new Error(`${name} is no commit of this project`);
  }
}

/** Another commit beside this one, with its packages installed. */
export function checkOut(name: string, progress: (line: string) => void): Checkout {
  const commit = commitOf(name);
  const directory = mkdtempSync(path.join(tmpdir(), "order-processing-bench-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    git(PROJECT, "clone", "--quiet", "--shared", "--no-checkout", ".", directory);
    git(directory, "checkout", "--quiet", "--detach", commit);
    const lock = (of: string) => readFileSync(path.join(of, "package-lock.json"), "utf8");
    if (lock(directory) === lock(PROJECT)) {
      symlinkSync(path.join(PROJECT, "node_modules"), path.join(directory, "node_modules"));
    } else {
      progress(`installing the packages of ${name}`);
      execFileSync("npm", ["ci", "--no-audit", "--no-fund"], {
        cwd: directory,
        stdio: ["ignore", "ignore", "inherit"],
      });
    }
    return { directory, commit, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function git(directory: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8" });
}
