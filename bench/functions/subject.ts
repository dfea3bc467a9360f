import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { defaulted, mask, number, object, record, string, type } from "superstruct";
import * as ts from "typescript";
import { linkSdk, runtimeModules, unpack } from "../../laptop/lambda/archive";
import type { Registration } from "../../laptop/program/provider";

/** What the program registers of a function. */
export interface DeployedFunction {
  name: string;
  /** Of its archive: name → text. */
  files: Record<string, string>;
  /** Such as `__index.handler`. */
  handler: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  /** As the program sets them. */
  variables: Record<string, string>;
}

/** What is loaded and invoked: an archive in a directory of its own. */
export interface Subject {
  name: string;
  /** The program that runs in its process. */
  entry: string;
  environment: Record<string, string>;
  memoryMegabytes: number;
}

const inputsStruct = type({
  code: object({ files: record(string(), string()) }),
  handler: string(),
  timeout: number(),
  memorySize: number(),
  environment: type({ variables: defaulted(record(string(), string()), {}) }),
});

/** Undefined for a resource that is no function. */
export function deployedFunction(registration: Registration): DeployedFunction | undefined {
  if (registration.type !== "aws:lambda/function:Function") return undefined;
  const { code, handler, timeout, memorySize, environment } = mask(
    registration.inputs,
    inputsStruct,
  );
  return {
    ...{ name: registration.name, files: code.files, handler, timeoutSeconds: timeout },
    ...{ memoryMegabytes: memorySize, variables: environment.variables },
  };
}

/** Writes the archive below `parent`, to be run with the environment that Lambda gives to it. */
export function unpackSubject(
  parent: string,
  label: string,
  { name, files, handler, memoryMegabytes, variables }: DeployedFunction,
  { endpoint, region }: { endpoint: string; region: string },
): Subject {
  const directory = path.join(parent, label);
  unpack(directory, files);
  const entry = path.join(directory, ".bench-worker.cjs");
  writeFileSync(entry, compiledWorker());
  const modules = runtimeModules(parent);
  linkSdk(modules);
  return {
    ...{ name: label, entry, memoryMegabytes },
    environment: {
      ...{ TZ: ":UTC", NODE_PATH: modules, ...variables },
      AWS_ACCESS_KEY_ID: name,
      AWS_ENDPOINT_URL: endpoint,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_REGION: region,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_SESSION_TOKEN: "bench",
      LAMBDA_TASK_ROOT: directory,
      _HANDLER: handler,
      _X_AMZN_TRACE_ID:
        "Root=1-00000000-000000000000000000000001;Parent=0000000000000001;Sampled=1",
    },
  };
}

function compiledWorker(): string {
  const source = readFileSync(path.join(__dirname, "worker.ts"), "utf8");
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
