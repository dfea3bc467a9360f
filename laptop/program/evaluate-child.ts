// The process that evaluates a Pulumi program for laptop/program/evaluate.ts, which takes the engine's place.
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import type { Program } from "./evaluate";
import { plainInputs, valueOf } from "./plain-inputs";
import type { CreatedResource } from "./provider";
import { explainSerializationError } from "./serialization-error";

// The stack has stopped, for whatever reason.
process.on("disconnect", () => process.exit(1));

let registrations = 0;
const waiting = new Map<number, (resource: CreatedResource) => void>();

process.once("message", (program: Program) => {
  process.on("message", ({ id, resource }: { id: number; resource: CreatedResource }) => {
    waiting.get(id)?.(resource);
    waiting.delete(id);
  });
  process.on("uncaughtException", fail);
  run(program).catch(fail);
});

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const unexpected = pulumi.RunError.isInstance(error) ? message : (stack ?? message);
  const reason = explainSerializationError(message) ?? unexpected;
  process.send?.({ type: "failed", reason });
}

/** Pulumi takes a stack trace for each promise, in case that one never settles: a third of a second in all. */
function leavePromisesUntraced(): void {
  Object.assign(debuggable, { debuggablePromise: (promise: Promise<unknown>) => promise });
}

/** Pulumi reads all of node_modules for the archive of each function, and always finds the same. */
function readNodeModulesOnce(): void {
  const { computeCodePaths } = pulumi.runtime;
  const found = new Map<string, ReturnType<typeof computeCodePaths>>();
  const once = (options: pulumi.runtime.CodePathOptions = {}) => {
    const { logResource: _, ...others } = options;
    const key = JSON.stringify(others);
    const paths = found.get(key) ?? computeCodePaths(options);
    found.set(key, paths);
    return paths;
  };
  Object.assign(pulumi.runtime, { computeCodePaths: once });
}

async function run({ directory, main, project, stack, config }: Program): Promise<void> {
  readNodeModulesOnce();
  leavePromisesUntraced();
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks({ newResource, call }, project, stack);
  const exported = require(path.join(directory, main)) as Record<string, pulumi.Input<unknown>>;
  await pulumi.runtime.disconnect();
  // Pulumi does not await a resource that fails on its own: Node reports it before the next turn.
  await new Promise(setImmediate);
  // A copy: Pulumi waits for ever on the module object itself.
  const outputs = await valueOf(pulumi.output({ ...exported }));
  process.send?.({ type: "done", outputs });
}

async function newResource({ type, name, inputs, custom = true }: pulumi.runtime.MockResourceArgs) {
  const id = (registrations += 1);
  const registration = { type, name, custom, inputs: await plainInputs(inputs as object) };
  const made = new Promise<CreatedResource>((resolve) => waiting.set(id, resolve));
  process.send?.({ type: "register", id, registration });
  const resource = await made;
  return { id: resource.id, state: resource.outputs };
}

function call({ token }: pulumi.runtime.MockCallArgs): never {
  throw new Error(`${token} looks something up in AWS, which a laptop has not`);
}
