import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { create, string, type } from "superstruct";
import { readProgram } from "../../laptop/program/project";
import { clientConfig, type Target } from "./aws";

/** Whose orders, as the command line has it. */
export type TargetNames =
  | { kind: "stack"; stack: string }
  | { kind: "names"; tableName: string; queueUrl: string; region: string }
  | { kind: "laptop"; endpoint: string; stack: string };

export async function findTarget(names: TargetNames): Promise<Target> {
  switch (names.kind) {
    case "stack":
      return deployed(names.stack);
    case "names":
      return { ...names, endpoint: undefined };
    case "laptop":
      return laptop(names.endpoint, names.stack);
  }
}

/** A laptop's resources have no other names than index.ts gives them: this is the table's and the queue's. */
const LAPTOP_NAME = "orders";

async function laptop(endpoint: string, stack: string): Promise<Target> {
  const { config } = readProgram(path.join(__dirname, "..", ".."), stack, {});
  const region = config["aws:region"] ?? "us-east-1";
  const sqs = new SQSClient(clientConfig({ region, endpoint }));
  try {
    const { QueueUrl: queueUrl = "" } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: LAPTOP_NAME }),
    );
    return { tableName: LAPTOP_NAME, queueUrl, region, endpoint };
  } catch (error) {
    throw new Error(`no laptop stack answers at ${endpoint}: is npm start running there?`, {
      cause: error,
    });
  }
}

function deployed(stack: string): Target {
  const pulumi = (...args: string[]) => runPulumi([...args, "--stack", stack]);
  const outputs = create(
    JSON.parse(pulumi("stack", "output", "--json")),
    type({ tableName: string(), queueUrl: string() }),
  );
  return { ...outputs, region: pulumi("config", "get", "aws:region").trim(), endpoint: undefined };
}

function runPulumi(args: string[]): string {
  try {
    return execFileSync("pulumi", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(
      isMissing
        ? "pulumi is not installed here: give --table, --queue-url and --region instead"
        : `pulumi ${args.join(" ")} failed`,
      { cause: error },
    );
  }
}
