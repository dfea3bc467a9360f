import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../local/command";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { create, string, type } from "superstruct";
import { readProgram } from "../local/project";
import { redrive } from "./redrive";
import { LAPTOP_CREDENTIALS, redriveDeps, type Target } from "./redrive-aws";

const HELP = `Lists FAILED orders and queues them again.

  npm run redrive                            lists them, with age and reason
  npm run redrive -- <orderId> …             queues these again
  npm run redrive -- --all                   queues all of them again

  --dry-run            says what would be queued, and does not
  --stack <name>       whose table and queue, from \`pulumi stack output\` (default dev)
  --table <name> --queue-url <url> --region <region>
                       the same without Pulumi
  --endpoint <url>     the laptop stack instead of AWS: where its API is, such as http://127.0.0.1:3000`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
    stack: { type: "string", default: "dev" },
    table: { type: "string" },
    "queue-url": { type: "string" },
    region: { type: "string" },
    endpoint: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<boolean> {
  if (values.help) {
    console.log(HELP);
    return true;
  }
  if (values.all && positionals.length > 0) throw new Error("either --all or orders by name");
  const which = values.all ? "all" : positionals.length > 0 ? positionals : "none";
  return redrive(redriveDeps(await findTarget()), { which, dryRun: values["dry-run"] });
}

async function findTarget(): Promise<Target> {
  if (values.endpoint !== undefined) return laptop(values.endpoint, values.stack);
  const { table, "queue-url": queueUrl, region } = values;
  if (table !== undefined && queueUrl !== undefined && region !== undefined) {
    return { tableName: table, queueUrl, region, endpoint: undefined };
  }
  if ((table ?? queueUrl ?? region) !== undefined) {
    throw new Error("--table, --queue-url and --region go together");
  }
  return deployed(values.stack);
}

/** What index.ts calls its resources is what they are called on a laptop. */
async function laptop(endpoint: string, stack: string): Promise<Target> {
  const { config } = readProgram(path.join(__dirname, ".."), stack, {});
  const region = config["aws:region"] ?? "";
  const sqs = new SQSClient({ endpoint, region, credentials: LAPTOP_CREDENTIALS });
  const { QueueUrl: queueUrl = "" } = await sqs.send(
    new GetQueueUrlCommand({ QueueName: "orders" }),
  );
  return { tableName: "orders", queueUrl, region, endpoint };
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

runCommand(main);
