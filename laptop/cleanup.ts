import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

export interface Cleanup {
  add(step: () => Promise<void> | void): void;
  /** Runs the steps that have been added, the last one first, and once each. */
  run(): Promise<void>;
}

export function makeCleanup(): Cleanup {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    add: (step) => void steps.push(step),
    async run() {
      for (const step of steps.splice(0).reverse()) await step();
    },
  };
}

/** A new directory, which is removed by the cleanup, or when the process exits without one. */
export function temporaryDirectory(cleanup: Cleanup): string {
  const directory = mkdtempSync(path.join(tmpdir(), "laptop-stack-"));
  const remove = () => {
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", remove);
  cleanup.add(() => {
    process.off("exit", remove);
    remove();
  });
  return directory;
}
