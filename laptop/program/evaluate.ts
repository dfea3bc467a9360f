import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import { MAPS_VARIABLE } from "../inspection";
import { programEnvironment } from "./environment";
import type { CreatedResource, Registration } from "./provider";

export interface Program {
  /** Holds Pulumi.yaml, index.ts and what they need. */
  directory: string;
  /** The program's file, relative to the directory. */
  main: string;
  project: string;
  stack: string;
  /** `namespace:key` → text, as the Pulumi engine hands it over. */
  config: Record<string, string>;
  /** Gets the source maps of archives; undefined where none are needed. */
  mapsDirectory?: string | undefined;
}

/** What its process needs to know of a program. */
type Evaluated = Pick<Program, "directory" | "mapsDirectory">;

export interface Evaluation {
  /** What the program exports. */
  outputs: Record<string, unknown>;
  /** Paths of the modules that it has loaded: its own. */
  files: string[];
  /** And those of packages, each before those that it requires. */
  packages: string[];
}

export type ToProgram =
  | { type: "load"; modules: string[] }
  | { type: "run"; program: Program }
  | { type: "created"; id: number; resource: CreatedResource };

export type FromProgram =
  | { type: "register"; id: number; registration: Registration }
  | { type: "done"; evaluation: Evaluation }
  /** A file that the program consisted of before is not TypeScript any more: it has not been run. */
  | { type: "malformed"; reason: string }
  | { type: "failed"; reason: string };

export type Register = (registration: Registration) => Promise<CreatedResource>;

/** A process that evaluates a program, one time after the other, each with its files as they are then. */
export interface Evaluator {
  /** False when it has ended, as it does with most failures of the program. */
  readonly alive: boolean;
  /** Rejects with the reason for which the program failed. */
  run(program: Program, register: Register, signal?: AbortSignal): Promise<Evaluation>;
  stop(): void;
}

/**
 * Starts the process for a Pulumi program, with `register` in the place of the engine and its providers, and
 * through ts-node, as `pulumi up` does. `packages` are loaded while it waits for the program.
 */
export function startEvaluator(
  { directory, mapsDirectory }: Evaluated,
  packages: string[] = [],
): Evaluator {
  const child = startChild({ directory, mapsDirectory });
  const stderr = textOf(child);
  // Not "close": esbuild's own service outlives the program for a while and has its streams.
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("exit", () => reject(new Error(`the program ended early\n${stderr()}`)));
    child.on("error", reject);
  });
  // It may end while nobody waits for it.
  ended.catch(() => (alive = false));
  send(child, { type: "load", modules: packages });

  let alive = true;
  const stop = () => {
    alive = false;
    child.kill("SIGKILL");
  };
  const failed = (error: unknown): never => {
    if (!(error instanceof Malformed)) stop();
    throw error;
  };

  return {
    get alive() {
      return alive;
    },
    run(program, register, signal) {
      signal?.addEventListener("abort", stop);
      const evaluated = Promise.race([evaluate(child, program, register).catch(failed), ended]);
      return evaluated.finally(() => signal?.removeEventListener("abort", stop));
    },
    stop,
  };
}

/** The program has not been run, and can be run again in the same process. */
class Malformed extends Error {}

function evaluate(child: ChildProcess, program: Program, register: Register): Promise<Evaluation> {
  return new Promise<Evaluation>((resolve, reject) => {
    child.removeAllListeners("message").on("message", (message: FromProgram) => {
      switch (message.type) {
        case "done":
          resolve(message.evaluation);
          break;
        case "malformed":
          reject(new Malformed(message.reason));
          break;
        case "failed":
          reject(new Error(message.reason));
          break;
        case "register":
          register(message.registration)
            .then((resource) => send(child, { type: "created", id: message.id, resource }))
            .catch(reject);
      }
    });
    send(child, { type: "run", program });
  });
}

function send(child: ChildProcess, message: ToProgram): void {
  if (child.connected) child.send(message);
}

function startChild({ directory, mapsDirectory }: Evaluated): ChildProcess {
  const preloads = [
    require.resolve("../../command-line/register-typescript.cjs"),
    path.join(__dirname, "load-late.ts"),
    ...(mapsDirectory === undefined ? [] : [path.join(__dirname, "..", "inspect", "preload.ts")]),
  ];
  return fork(path.join(__dirname, "evaluate-child.ts"), [], {
    cwd: directory,
    // It lives for two seconds: what V8 optimises meanwhile costs a quarter of its CPU, and pays for nothing.
    execArgv: ["--no-opt", ...preloads.flatMap((module) => ["--require", module])],
    env: {
      ...programEnvironment(process.env, directory),
      ...(mapsDirectory !== undefined && { [MAPS_VARIABLE]: mapsDirectory }),
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C is for the stack.
    detached: true,
  });
}

/** What the child has written to stderr so far. */
function textOf({ stdout, stderr }: ChildProcess): () => string {
  stdout?.resume();
  let text = "";
  stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
