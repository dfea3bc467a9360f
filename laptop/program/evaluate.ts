import { fork } from "node:child_process";
import * as path from "node:path";
import type { Resource } from "../cloud";
import type { Registration } from "./provider";

export interface Program {
  /** Holds Pulumi.yaml, index.ts and what they need. */
  directory: string;
  /** The program's file, relative to the directory. */
  main: string;
  project: string;
  stack: string;
  /** `namespace:key` → text, as the Pulumi engine hands it over. */
  config: Record<string, string>;
}

type FromProgram =
  | { type: "register"; id: number; registration: Registration }
  | { type: "done"; outputs: Record<string, unknown> }
  | { type: "failed"; complaint: string };

/**
 * Runs a Pulumi program with `register` in the place of the engine and its providers, in a process
 * of its own and through ts-node, as `pulumi up` does. Gives the stack's outputs; rejects with what
 * the program complained of.
 */
export async function runProgram(
  program: Program,
  register: (registration: Registration) => Promise<Resource>,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const child = fork(path.join(__dirname, "evaluate-child.ts"), [], {
    cwd: program.directory,
    execArgv: ["--require", require.resolve("ts-node/register/transpile-only")],
    env: {
      ...process.env,
      TS_NODE_PROJECT: path.join(program.directory, "tsconfig.json"),
      NODE_NO_WARNINGS: "1",
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C is for the stack.
    detached: true,
  });
  child.stdout?.resume();
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));

  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      child.kill("SIGKILL");
      reject(error);
    };
    child.on("message", (message: FromProgram) => {
      switch (message.type) {
        case "register":
          register(message.registration).then((resource) => {
            if (child.connected) child.send({ id: message.id, resource });
          }, fail);
          break;
        case "failed":
          fail(new Error(message.complaint));
          break;
        case "done":
          child.disconnect();
          resolve(message.outputs);
      }
    });
    // Not "close": esbuild's own service outlives the program for a while and has its streams.
    child.once("exit", () => fail(new Error(`the program broke off\n${stderr}`)));
    child.on("error", fail);
    signal?.addEventListener("abort", () => fail(new Error("stopped")));
    child.send(program);
  });
}
