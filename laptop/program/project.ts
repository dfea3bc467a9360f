import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import {
  defaulted,
  nullable,
  optional,
  record,
  string,
  type Struct,
  type,
  unknown,
  validate,
} from "superstruct";
import { parse } from "yaml";
import type { Program } from "./evaluate";
import { mergeConfig, projectConfigStruct, textOf } from "./project-config";

const projectStruct = type({
  name: string(),
  main: optional(string()),
  config: defaulted(nullable(projectConfigStruct), {}),
});
const stackStruct = type({ config: defaulted(nullable(record(string(), unknown())), {}) });

/** A Pulumi project and one of its stacks, from Pulumi.yaml and Pulumi.<stack>.yaml. */
export function readProgram(
  directory: string,
  stack: string,
  config: Record<string, unknown>,
): Program {
  const project = readYaml(directory, "Pulumi.yaml", projectStruct);
  const { config: stored } = readYaml(directory, `Pulumi.${stack}.yaml`, stackStruct);
  const ofStack = { ...stored, ...config };
  rejectUnreadable(ofStack);
  const merged = Object.entries(mergeConfig(project.name, project.config ?? {}, ofStack));
  return {
    directory,
    main: project.main ?? "index.ts",
    project: project.name,
    stack,
    config: Object.fromEntries(merged.map(([key, value]) => [key, textOf(value)])),
  };
}

function readYaml<T, S>(directory: string, name: string, struct: Struct<T, S>): T {
  const file = path.join(directory, name);
  if (!existsSync(file)) throw new Error(`there is no ${name} in ${directory}`);
  const [failure, value] = validate(parseYaml(name, readFileSync(file, "utf8")), struct, {
    coerce: true,
  });
  if (failure) throw new Error(`${name}: ${failure.message}`);
  return value;
}

function parseYaml(name: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function rejectUnreadable(config: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(config)) {
    if (!key.includes(":")) throw new Error(`the config key ${key} has no namespace, such as aws:`);
    if (typeof value === "object" && value !== null && "secure" in value) {
      throw new Error(`${key} is encrypted, and a laptop has no key: give it in plain text there`);
    }
  }
}
