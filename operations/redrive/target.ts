import { findStack } from "../target/find-stack";
import type { StackNames } from "../target/options";
import type { Target } from "./aws";

/** Whose orders, as the command line has it. */
export type TargetNames =
  StackNames | { kind: "names"; tableName: string; queueUrl: string; region: string };

export async function findTarget(names: TargetNames): Promise<Target> {
  if (names.kind === "names") return { ...names, endpoint: undefined };
  const { outputs, region, endpoint } = await findStack(names);
  return { tableName: outputs.tableName, queueUrl: outputs.queueUrl, region, endpoint };
}
