import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { runCommand } from "../../command-line/run-command";
import { awsDeps } from "../redrive/aws";
import { explainAws } from "../target/aws-errors";
import { clientConfig } from "../target/client-config";
import { findStack } from "../target/find-stack";
import { entriesOf } from "../target/stack";
import { HELP, parseArguments } from "./arguments";
import { logEvents, type LogQuery } from "./log-events";
import { showLogs } from "./logs";

async function main(): Promise<boolean> {
  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed) {
    console.log(HELP);
    return true;
  }
  const { region, endpoint, outputs } = await findStack(parsed.names);
  const { readOrder } = awsDeps({ ...outputs, region, endpoint });
  const client = new CloudWatchLogsClient(clientConfig({ region, endpoint }));
  const functions = Object.fromEntries(
    entriesOf(outputs.logGroupNames).map(([name, logGroup]) => [
      name,
      (query: LogQuery) => logEvents(client, logGroup, query),
    ]),
  );
  const say = (line: string) => console.log(line);
  const deps = { functions, readOrder, say, now: () => new Date() };
  return showLogs(deps, parsed.command, parsed.since);
}

runCommand(main, explainAws);
