// The process that evaluates a Pulumi program for laptop/program/evaluate.ts, which takes the engine's place.
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Resource } from "../cloud";
import { plainInputs, valueOf } from "./plain-inputs";
import type { Program } from "./evaluate";

// The stack is gone, however it went.
process.on("disconnect", () => process.exit(1));

let registrations = 0;
const waiting = new Map<number, (resource: Resource) => void>();

process.once("message", (program: Program) => {
  process.on("message", ({ id, resource }: { id: number; resource: Resource }) => {
    waiting.get(id)?.(resource);
    waiting.delete(id);
  });
  process.on("uncaughtException", fail);
  run(program).catch(fail);
});

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const complaint = pulumi.RunError.isInstance(error) ? message : (stack ?? message);
  process.send?.({ type: "failed", complaint });
}

async function run({ directory, main, project, stack, config }: Program): Promise<void> {
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks({ newResource, call }, project, stack);
  const exported = require(path.join(directory, main)) as Record<string, pulumi.Input<unknown>>;
  await pulumi.runtime.disconnect();
  // A copy: Pulumi waits for ever on the module object itself.
  const outputs = await valueOf(pulumi.output({ ...exported }));
  process.send?.({ type: "done", outputs });
}

async function newResource({ type, name, inputs, custom = true }: pulumi.runtime.MockResourceArgs) {
  const id = (registrations += 1);
  const registration = { type, name, custom, inputs: await plainInputs(inputs as object) };
  const made = new Promise<Resource>((resolve) => waiting.set(id, resolve));
  process.send?.({ type: "register", id, registration });
  const resource = await made;
  return { id: resource.id, state: resource.outputs };
}

function call({ token }: pulumi.runtime.MockCallArgs): never {
  throw new Error(`${token} looks something up in AWS, which a laptop has not`);
}
