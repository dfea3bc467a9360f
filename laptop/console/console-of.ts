import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Emulators } from "../endpoint/emulators";
import type { Outages } from "../endpoint/outages";
import { once } from "../once";
import type { Program } from "../program/evaluate";
import { readPackageJson } from "../program/package-json";
import { type ResetResult, resetStack } from "../reset";
import type { State } from "../state";
import { type Console, makeConsole } from "./console";
import { type Contract, readContract } from "./contract";

/** The console of a stack; `state.url` is its address once it listens. */
export function consoleOf(
  { project, stack, directory }: Program,
  state: State,
  outages: Outages,
  emulators: Emulators,
): Console {
  const manifest = readPackageJson(directory);
  return makeConsole({
    ...state,
    program: { project, stack, directory },
    manifest,
    outages,
    contract: once(() => contractOf(directory, manifest.openapi, state)),
    awsEndpoint: () => state.url,
    registeredResources: () => state.resources?.all() ?? [],
    stackOutputs: () => state.outputs ?? {},
    peek: (queue) => emulators.peek(queue),
    reset: () => resetStackAt(state.url, state.account.region),
  });
}

/** Read when the page first asks for it: it takes a while. */
function contractOf(
  directory: string,
  file: string | undefined,
  { onEvent }: Pick<State, "onEvent">,
): Contract | undefined {
  if (file === undefined) return undefined;
  try {
    return readContract(directory, file);
  } catch (error) {
    onEvent({ kind: "warning", text: `the console has no contract: ${(error as Error).message}` });
    return undefined;
  }
}

async function resetStackAt(endpoint: string, region: string): Promise<ResetResult> {
  // A name that no function can have: the account's administrator.
  const credentials = { accessKeyId: "the.console", secretAccessKey: "laptop" };
  const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
  const sqs = new SQSClient({ endpoint, region, credentials });
  try {
    return await resetStack({ dynamodb, sqs });
  } finally {
    dynamodb.destroy();
    sqs.destroy();
  }
}
