// The process that evaluates a Pulumi program for laptop/program/evaluate.ts, which takes the engine's place.
import { existsSync } from "node:fs";
import * as Module from "node:module";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MAPS_VARIABLE } from "../inspection";
import { keepCodePaths } from "./code-paths";
import type { FromProgram, Program, ToProgram } from "./evaluate";
import { inspectFunctionsOnce, nameScripts } from "./function-scopes";
import { keepBundles } from "./kept-bundles";
import { keepParsedFunctions } from "./parsed-functions";
import { plainInputs, valueOf } from "./plain-inputs";
import type { CreatedResource } from "./provider";
import { explainSerializationError } from "./serialization-error";
import { leaveUndebugged } from "./undebugged";

keepCodePaths(process.cwd());
leaveUndebugged();
inspectFunctionsOnce();
const saveParsedFunctions = keepParsedFunctions(process.cwd());
// Those of a run with an inspector get their maps while they are made.
if (process.env[MAPS_VARIABLE] === undefined) keepBundles(process.cwd());
process.on("uncaughtException", fail);
// The stack has stopped, for whatever reason.
process.on("disconnect", () => process.exit(1));

/** Of the evaluation, not of the program. */
const ownModules = new Set(Object.keys(require.cache));
type Loader = (module: { _compile: (text: string, file: string) => unknown }, file: string) => void;
let registrations = 0;
/** Files of the program. */
let loaded: string[] = [];
const waiting = new Map<number, (resource: CreatedResource) => void>();

process.on("message", (message: ToProgram) => {
  switch (message.type) {
    case "load":
      message.modules.forEach(load);
      break;
    case "run":
      runAsItIs(message.program).catch(fail);
      break;
    case "created":
      waiting.get(message.id)?.(message.resource);
      waiting.delete(message.id);
  }
});

function send(message: FromProgram): void {
  process.send?.(message);
}

/** One that cannot be loaded on its own is loaded by the program, if it is still there. */
function load(module: string): void {
  try {
    require(module);
  } catch {
    // The program says so, if it needs it.
  }
}

/** Runs the program with its files as they are now, if each of them can be compiled. */
async function runAsItIs(program: Program): Promise<void> {
  // Describes all scripts of the process, which takes too long for a start.
  if (loaded.length > 0) await nameScripts();
  try {
    loaded.filter(existsSync).forEach(compile);
  } catch (error) {
    send({ type: "malformed", reason: reasonOf(error) });
    return;
  }
  for (const module of loaded) Reflect.deleteProperty(require.cache, module);
  await run(program);
}

/** Without running it; what was compiled is kept. */
function compile(file: string): void {
  const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Loader> };
  if (file.endsWith(".ts")) loaders[".ts"]?.({ _compile: () => undefined }, file);
}

function fail(error: unknown): void {
  send({ type: "failed", reason: reasonOf(error) });
}

function reasonOf(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const unexpected = pulumi.RunError.isInstance(error) ? message : (stack ?? message);
  return explainSerializationError(message) ?? unexpected;
}

async function run({ directory, main, project, stack, config }: Program): Promise<void> {
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks({ newResource, call }, project, stack);
  const exported = require(path.join(directory, main)) as Record<string, pulumi.Input<unknown>>;
  await pulumi.runtime.disconnect();
  // Pulumi does not await a resource that fails on its own: Node reports it before the next turn.
  await new Promise(setImmediate);
  // A copy: Pulumi waits for ever on the module object itself.
  const outputs = await valueOf(pulumi.output({ ...exported }));
  const modules = Object.keys(require.cache).filter((module) => !ownModules.has(module));
  const [files = [], packages = []] = [false, true].map((isInstalled) =>
    modules.filter((module) => module.split(path.sep).includes("node_modules") === isInstalled),
  );
  loaded = files;
  saveParsedFunctions();
  send({ type: "done", evaluation: { outputs, files, packages } });
}

async function newResource({ type, name, inputs, custom = true }: pulumi.runtime.MockResourceArgs) {
  const id = (registrations += 1);
  const registration = { type, name, custom, inputs: await plainInputs(inputs as object) };
  const made = new Promise<CreatedResource>((resolve) => waiting.set(id, resolve));
  send({ type: "register", id, registration });
  const resource = await made;
  return { id: resource.id, state: resource.outputs };
}

function call({ token }: pulumi.runtime.MockCallArgs): never {
  throw new Error(`${token} looks something up in AWS, which a laptop has not`);
}
