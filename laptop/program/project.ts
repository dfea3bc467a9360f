import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { create, defaulted, nullable, optional, record, string, type, unknown } from "superstruct";
import { parse } from "yaml";
import type { Program } from "./evaluate";

/** A Pulumi project and one of its stacks, from Pulumi.yaml and Pulumi.<stack>.yaml. */
export function readProgram(
  directory: string,
  stack: string,
  config: Record<string, unknown>,
): Program {
  const project = create(
    readYaml(directory, "Pulumi.yaml"),
    type({ name: string(), main: optional(string()) }),
  );
  const stackFile = type({ config: defaulted(nullable(record(string(), unknown())), {}) });
  const { config: stored } = create(readYaml(directory, `Pulumi.${stack}.yaml`), stackFile);
  return {
    directory,
    main: project.main ?? "index.ts",
    project: project.name,
    stack,
    config: asText({ ...stored, ...config }),
  };
}

function readYaml(directory: string, name: string): unknown {
  const file = path.join(directory, name);
  if (!existsSync(file)) throw new Error(`there is no ${name} in ${directory}`);
  try {
    return parse(readFileSync(file, "utf8")) ?? {};
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function asText(config: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(config).map(([key, value]) => {
    if (!key.includes(":")) throw new Error(`the config key ${key} has no namespace, such as aws:`);
    if (typeof value === "object" && value !== null && "secure" in value) {
      throw new Error(`${key} is encrypted, and a laptop has no key: give it in plain text there`);
    }
    return [key, typeof value === "string" ? value : JSON.stringify(value)];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
