// The process that evaluates a Pulumi program for local/program.ts, which takes the engine's place.
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Resource } from "./cloud";
import type { Program } from "./program";

// Ctrl-C reaches every process of the terminal: the parent decides.
process.on("SIGINT", () => undefined);

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
  const outputs = await value(pulumi.output({ ...exported }));
  process.send?.({ type: "done", outputs });
}

async function newResource({ type, name, inputs, custom = true }: pulumi.runtime.MockResourceArgs) {
  const id = (registrations += 1);
  const registration = { type, name, custom, inputs: await plain(inputs) };
  const made = new Promise<Resource>((resolve) => waiting.set(id, resolve));
  process.send?.({ type: "register", id, registration });
  const resource = await made;
  return { id: resource.id, state: resource.outputs };
}

function call({ token }: pulumi.runtime.MockCallArgs): never {
  throw new Error(`${token} looks something up in AWS, which a laptop has not`);
}

/** Inputs as they can be sent: resources as their ids, archives as the texts of their files. */
async function plain(input: unknown): Promise<unknown> {
  if (pulumi.CustomResource.isInstance(input)) return value(input.id);
  if (input instanceof pulumi.asset.AssetArchive) return { files: await plain(await input.assets) };
  if (input instanceof pulumi.asset.StringAsset) return input.text;
  if (Array.isArray(input)) return Promise.all(input.map(plain));
  if (typeof input !== "object" || input === null) return input;
  const entries = Object.entries(input).map(
    async ([key, each]) => [key, await plain(each)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve as (value: unknown) => void));
}
