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

export type FromProgram =
  | { type: "register"; id: number; registration: Registration }
  | { type: "done"; outputs: Record<string, unknown> }
  | { type: "failed"; reason: string };

export type Register = (registration: Registration) => Promise<CreatedResource>;

/**
 * Runs a Pulumi program with `register` in the place of the engine and its providers, in a process
 * of its own and through ts-node, as `pulumi up` does. Gives the stack's outputs; rejects with the
 * reason for which the program failed.
 */
export async function runProgram(
  program: Program,
  register: Register,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const child = startChild(program);
  const stderr = textOf(child);
  try {
    return await new Promise((resolve, reject) => {
      child.on("message", (message: FromProgram) => {
        if (message.type === "done") resolve(message.outputs);
        else if (message.type === "failed") reject(new Error(message.reason));
        else createResource(child, message, register).catch(reject);
      });
      // Not "close": esbuild's own service outlives the program for a while and has its streams.
      child.once("exit", () => reject(new Error(`the program ended early\n${stderr()}`)));
      child.on("error", reject);
      signal?.addEventListener("abort", () => reject(new Error("stopped")));
      child.send(program);
    });
  } finally {
    child.kill("SIGKILL");
  }
}

function startChild({ directory, mapsDirectory }: Program): ChildProcess {
  const register = require.resolve("../../command-line/register-typescript.cjs");
  const preload = path.join(__dirname, "..", "inspect", "preload.ts");
  return fork(path.join(__dirname, "evaluate-child.ts"), [], {
    cwd: directory,
    execArgv: [register, ...(mapsDirectory === undefined ? [] : [preload])].flatMap((module) => [
      "--require",
      module,
    ]),
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

async function createResource(
  child: ChildProcess,
  { id, registration }: Extract<FromProgram, { type: "register" }>,
  register: Register,
): Promise<void> {
  const resource = await register(registration);
  if (child.connected) child.send({ id, resource });
}
