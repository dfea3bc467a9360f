import { realpathSync } from "node:fs";
import * as path from "node:path";
import { watchFiles } from "./changed-files";
import { type Evaluation, type Evaluator, type Program, startEvaluator } from "./evaluate";
import type { Changes, Resources, Update } from "./resources";

/** The program has been evaluated again. `files`: what has changed, relative to the directory. */
export type WatchEvent = { kind: "watch"; files: string[]; milliseconds: number } & (
  | { changes: Changes }
  /** Why it has failed; all is as it was. */
  | { failure: string }
);

interface Watched {
  program: Pick<Program, "directory" | "stack" | "mapsDirectory">;
  /** The program as its files are now. */
  read: () => Program;
  evaluator: Evaluator;
  resources: Resources;
  /** Gets the outputs of each evaluation. */
  onEvaluated: (outputs: Evaluation["outputs"]) => void;
  onEvent: (event: WatchEvent) => void;
}

/** Evaluates the program and updates its resources; of a program that fails nothing stays. */
export async function evaluate(
  evaluator: Evaluator,
  program: Program,
  update: Update,
  signal?: AbortSignal,
): Promise<Evaluation & { changes: Changes }> {
  try {
    const evaluation = await evaluator.run(program, update.register, signal);
    return { ...evaluation, changes: await update.finish() };
  } catch (error) {
    await update.undo();
    throw error;
  }
}

/** With others, another process is needed. */
const OF_PROCESS = ["package.json", "package-lock.json", "tsconfig.json"];
const OF_PROGRAMS = /\.(?:ts|js|json|yaml)$/;

/**
 * Evaluates the program again whenever one of its files has changed, and updates its resources: in the same
 * process as the first time, as long as that works. Gives what stops it.
 */
export function watchProgram(
  { program, read, resources, onEvaluated, onEvent, ...first }: Watched,
  evaluation: Evaluation,
): () => Promise<void> {
  // As Node gives the paths of modules.
  const directory = realpathSync(program.directory);
  const stopping = new AbortController();
  const settings = ["Pulumi.yaml", `Pulumi.${program.stack}.yaml`, ...OF_PROCESS];
  const own = new Set(settings.map((name) => path.join(directory, name)));
  let hasFailed = false;
  let changed = new Map<string, number>();
  let evaluating: Promise<void> | undefined;
  const watcher = watchFiles(onChange);
  let { evaluator } = first;
  let { packages } = evaluation;
  follow(evaluation);

  function follow(latest: Evaluation): void {
    for (const file of latest.files) own.add(file);
    packages = latest.packages;
    watcher.watch(new Set([...own].map((file) => path.dirname(file))));
  }

  function renewEvaluator(): void {
    evaluator.stop();
    evaluator = startEvaluator({ ...program, directory }, packages);
  }

  function onChange(names: string[], since: number): void {
    const isRelevant = (file: string) => own.has(file) || (hasFailed && OF_PROGRAMS.test(file));
    for (const file of names.filter(isRelevant)) changed.set(path.relative(directory, file), since);
    evaluating ??= evaluateAll().finally(() => (evaluating = undefined));
  }

  async function evaluateAll(): Promise<void> {
    while (changed.size > 0) {
      const of = changed;
      changed = new Map();
      if (!evaluator.alive || OF_PROCESS.some((name) => of.has(name))) renewEvaluator();
      const result = await evaluateOnce();
      if (stopping.signal.aborted) return;
      if (!evaluator.alive) renewEvaluator();
      const milliseconds = Math.round(performance.now() - Math.min(...of.values()));
      onEvent({ kind: "watch", files: [...of.keys()], milliseconds, ...result });
    }
  }

  async function evaluateOnce(): Promise<{ changes: Changes } | { failure: string }> {
    try {
      const update = resources.beginUpdate();
      const { signal } = stopping;
      const { changes, ...latest } = await evaluate(evaluator, read(), update, signal);
      hasFailed = false;
      follow(latest);
      onEvaluated(latest.outputs);
      return { changes };
    } catch (error) {
      hasFailed = true;
      return { failure: (error as Error).message };
    }
  }

  return async () => {
    stopping.abort();
    watcher.stop();
    evaluator.stop();
    await evaluating;
  };
}
