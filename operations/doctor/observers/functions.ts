import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import { GetScheduleCommand, type SchedulerClient } from "@aws-sdk/client-scheduler";
import { NO_SIGNING_KEYS } from "../../../handlers/signing-keys";
import { entryText, parseEntry } from "../../logs/entry";
import { fieldPattern, logEvents } from "../../logs/log-events";
import type { FunctionName } from "../../target/stack";
import type { FunctionSeen, LastError } from "../observations";

const HOUR_MILLISECONDS = 3_600_000;

export async function seeLastError(
  logs: CloudWatchLogsClient,
  name: FunctionName,
  logGroup: string,
  now: Date,
): Promise<LastError> {
  const from = now.getTime() - HOUR_MILLISECONDS;
  const pattern = errorPattern(name);
  const last = (await logEvents(logs, logGroup, { pattern, from })).at(-1);
  if (!last) return undefined;
  const entry = parseEntry(last.message);
  return { at: last.at, message: entry["message"], text: entryText(entry) };
}

/** Lambda logs an error for each token that authorize-caller refuses: these are not failures. */
function errorPattern(name: FunctionName): string {
  return name === "authorize-caller"
    ? fieldPattern("message", NO_SIGNING_KEYS)
    : fieldPattern("level", "ERROR");
}

export async function seeFunction(lambda: LambdaClient, name: string): Promise<FunctionSeen> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: name });
  const { Timeout: timeoutSeconds, Environment } = await lambda.send(command);
  return { timeoutSeconds, environment: Environment?.Variables ?? {} };
}

export async function seeConcurrency(lambda: LambdaClient): Promise<number> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const unreserved = AccountLimit?.UnreservedConcurrentExecutions;
  if (unreserved === undefined) throw new Error("GetAccountSettings gives no limit");
  return unreserved;
}

export async function seeSchedule(scheduler: SchedulerClient, name: string): Promise<string> {
  const { State = "without a state" } = await scheduler.send(
    new GetScheduleCommand({ Name: name }),
  );
  return State;
}
