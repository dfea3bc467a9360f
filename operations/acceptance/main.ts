import { runCommand } from "../../command-line/run-command";
import { stopSignal } from "../../command-line/stop-signal";
import { awsError } from "../target/aws-errors";
import { clientConfig } from "../target/client-config";
import { findStack } from "../target/find-stack";
import { ordersToken } from "../target/orders-token";
import type { Stack } from "../target/stack";
import type { AcceptanceCase } from "./acceptance-case";
import { type Arguments, checkYesOn, chooseCases, HELP, parseArguments } from "./arguments";
import { CASES } from "./cases";
import { makeClient } from "./client";
import { KNOWN_DIFFERENCES } from "./known-differences";
import { makeNotificationQueue, type NotificationQueue } from "./notification-queue";
import { countsOf, resultLines, summaryLine } from "./report";
import { type Result, runCases } from "./run";

async function main(): Promise<boolean> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    console.log(HELP);
    return true;
  }
  const cases = chooseCases(CASES, args.only);
  const stack = await findStack(args.names, { showSecrets: true });
  checkYesOn(stack.name, args.yesOn);
  const token = ordersToken(stack, "staff");
  const stopping = stopSignal("SIGINT", "SIGTERM");
  const queue = await queueFor(cases, stack, args);
  try {
    return await runOn(stack, cases, { token, queue, stopping, json: args.json });
  } finally {
    await queue?.remove();
  }
}

async function queueFor(
  cases: AcceptanceCase[],
  stack: Stack,
  { withNotifications }: Arguments,
): Promise<NotificationQueue | undefined> {
  const isNeeded = cases.some(({ id }) => id.startsWith("notifications/"));
  if (!isNeeded || !withNotifications) return undefined;
  try {
    return await makeNotificationQueue(clientConfig(stack), stack.outputs.topicArn);
  } catch (error) {
    throw new Error(
      `no queue for notifications could be made: ${awsError(error)}\n--no-notifications leaves them out`,
      { cause: error },
    );
  }
}

interface RunParts {
  token: string | undefined;
  queue: NotificationQueue | undefined;
  stopping: AbortSignal;
  json: boolean;
}

async function runOn(
  stack: Stack,
  cases: AcceptanceCase[],
  { token, queue, stopping, json }: RunParts,
): Promise<boolean> {
  const { apiUrl, apiKey } = stack.outputs;
  const say = (line: string) => {
    if (!json) console.log(line);
  };
  const target = stack.endpoint === undefined ? "AWS" : "the laptop";
  say(`The stack ${stack.name} on ${target}: ${apiUrl}`);
  const results = await runCases(cases, makeClient({ apiUrl, apiKey, token }, queue?.read), {
    target,
    knownDifferences: KNOWN_DIFFERENCES,
    isStopped: () => stopping.aborted,
    onResult: (result) => resultLines(result).forEach(say),
  });
  say(summaryLine(results));
  if (json) console.log(JSON.stringify(documentOf(stack, target, results), null, 2));
  return countsOf(results).failed === 0 && !stopping.aborted;
}

function documentOf({ name, outputs }: Stack, target: string, results: Result[]) {
  const { apiUrl } = outputs;
  return { stack: name, target, apiUrl, counts: countsOf(results), cases: results };
}

runCommand(main);
