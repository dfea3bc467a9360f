import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { deserialize } from "node:v8";

export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The names of the inputs that are secret as a whole. */
  secretInputs: string[];
}

/** What a resource is registered with besides its inputs. */
export interface ResourceOptions {
  protect: boolean;
  /** `type::name` of what it waits for. */
  dependencies: string[];
  /** The type of the component that it is part of; "" where there is none. */
  parentType: string;
}

/** A program as it registered its resources, and what it exported. */
export interface Evaluated {
  resources: Registered[];
  /** By `type::name`. */
  options: Map<string, ResourceOptions>;
  /** Those exports that are known. */
  outputs: Record<string, unknown>;
  /** The names of the exports that are secret, and of those that are not known. */
  secrets: string[];
  unknown: string[];
  warnings: string[];
  /** Where the packages are installed whose code is in the functions' archives. */
  packages: string[];
}

/** What is to be evaluated. */
export interface Evaluation {
  config: Record<string, unknown>;
  stack: string;
  /** Without, functions are not serialised and bundled: their archives hold something else. */
  archives: boolean;
  /** In a preview nothing is known that AWS computes. */
  preview: boolean;
}

export const ACCOUNT_ID = "123456789012";
export const REGION = "eu-west-1";
export const API_KEY = "a-key-that-aws-has-made";

const PROJECT = path.join(__dirname, "..", "..");
const CHILD = path.join(__dirname, "aws-mocks-child.ts");

/** Evaluates index.ts in a process of its own against Pulumi's mocks; once in each run of the tests, for all files that ask for the same. */
export async function evaluateProgram({
  config = {},
  stack = "dev",
  archives = true,
  preview = false,
}: Partial<Evaluation> = {}): Promise<Evaluated> {
  const evaluation = JSON.stringify({ config, stack, archives, preview } satisfies Evaluation);
  const name = createHash("sha256").update(evaluation).digest("hex");
  const { EVALUATIONS: folder } = process.env;
  if (folder === undefined) throw new Error("jest runs without tools/jest/evaluations.cjs");
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    const node = preloads(archives).flatMap((module) => ["--require", module]);
    const program = [...node, CHILD, evaluation, file];
    await promisify(execFile)(process.execPath, ["--no-opt", ...program], { cwd: PROJECT });
  }
  return deserialize(readFileSync(file)) as Evaluated;
}

/** Archives are made as Pulumi makes them: what a start of the laptop leaves out has nothing to do with them. */
function preloads(archives: boolean): string[] {
  const compiler = "./command-line/register-typescript.cjs";
  return archives ? [compiler] : [compiler, "./laptop/program/load-late.ts"];
}

/** The same without the functions' archives. */
export function evaluateWithoutArchives(
  config: Record<string, unknown> = {},
  stack = "dev",
): Promise<Evaluated> {
  return evaluateProgram({ config, stack, archives: false });
}

/** The inputs of the one resource of this type and name. */
export function inputsOf(
  { resources }: Evaluated,
  type: string,
  name: string,
): Record<string, unknown> {
  const found = resources.filter((each) => each.type === type && each.name === name);
  expect(found).toHaveLength(1);
  return found[0]?.inputs ?? {};
}

export function namesOf({ resources }: Evaluated, type: string): string[] {
  return resources
    .filter((each) => each.type === type)
    .map(({ name }) => name)
    .sort();
}

/** An ARN of the account and region in which the mocks create everything. */
export function arn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
}
