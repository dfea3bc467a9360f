import * as path from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { ApiGateway } from "./apigateway/server";
import { type Cleanup, makeCleanup, temporaryDirectory } from "./cleanup";
import type { Alarms } from "./cloudwatch/alarms";
import type { Metrics } from "./cloudwatch/metrics";
import type { FaultPlan } from "./endpoint/fault-injection";
import type { Outage } from "./endpoint/outages";
import type { AwsEndpoint, AwsEndpointOptions } from "./endpoint/server";
import type { OnEvent } from "./events";
import type { Schedules } from "./events/answers";
import type { Iam } from "./iam/authorizer";
import { checkInspection, type Inspection } from "./inspection";
import type { Functions } from "./lambda/functions";
import { startEvaluator } from "./program/evaluate";
import { readProgram } from "./program/project";
import type { Registration } from "./program/provider";
import { makeResources } from "./program/resources";
import { evaluate, watchProgram } from "./program/watch";
import { makeProviders } from "./providers";
import { startServers } from "./servers";
import { makeQueues } from "./sqs/queues";
import type { StandIns } from "./stand-ins";
import { makeState, type State } from "./state";

export interface StackOptions {
  /** The Pulumi project to run; this one by default. */
  directory?: string;
  stack?: string;
  /** Config on top of the stack's file: `<project>:<key>` → value. */
  config?: Record<string, unknown>;
  /** 0 for any that is free. */
  port?: number;
  onEvent?: OnEvent;
  /** Which calls to AWS fail, and how. */
  faults?: FaultPlan;
  /** Services that the stack is cut off from, counted from when it has started. */
  outages?: Outage[];
  /** Gets each call to AWS that was performed, whether or not its response got through. */
  onCall?: AwsEndpointOptions["onCall"];
  /** What is fetched in the place of what functions ask for; goes before the laptop's own issuer. */
  standIns?: StandIns;
  /** A function that a debugger is to be attached to. */
  inspect?: Inspection | undefined;
  /** The folder that keeps tables and messages; without it they are in memory. */
  data?: string | undefined;
  /** Follows changes of the program while it runs. */
  watch?: boolean;
  /** Gives up starting; a running stack has stop(). */
  signal?: AbortSignal;
  /** Gives what is created in the place of a resource that the program registers: for tests' own times. */
  override?: (registration: Registration) => Registration;
}

export interface RunningStack {
  /** What the program exports, as `pulumi stack output` would give it. */
  outputs: Record<string, unknown>;
  /** Where an AWS client finds the stack's tables, queues and topics. */
  awsEndpoint: string;
  consoleUrl: string;
  region: string;
  /** The roles with their policies, which may be changed while the stack runs, as in AWS. */
  iam: Iam;
  /** The functions and schedules, which may be changed, too. */
  functions: Functions;
  schedules: Schedules;
  /** CloudWatch's metrics and alarms. */
  metrics: Metrics;
  alarms: Alarms;
  stop(): Promise<void>;
}

/** Runs a Pulumi program and really creates every resource that it registers, on emulators. */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const cleanup = makeCleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: StackOptions, cleanup: Cleanup): Promise<RunningStack> {
  const { directory = path.join(__dirname, ".."), stack = "dev", config = {}, signal } = options;
  const { onEvent: report = () => undefined } = options;
  const inspection = mappedInspection(options, cleanup);
  const read = () => ({ ...readProgram(directory, stack, config), ...inspection });
  const program = read();
  // Loads Pulumi while the emulators start.
  const evaluator = startEvaluator(program);
  cleanup.add(() => evaluator.stop());
  const state = { ...makeState(program.config["aws:region"] ?? "us-east-1", report), inspection };
  const servers = await startServers(options, program, state, cleanup);
  const { endpoint, gateway, page, outages, standIns } = servers;
  const providers = startProviders({ ...state, standIns }, gateway, endpoint, cleanup);
  const resources = makeResources(providers, state.onEvent, options.override);
  state.resources = resources;
  signal?.throwIfAborted();
  const evaluation = await evaluate(evaluator, program, resources.beginUpdate(), signal);
  checkInspection(options.inspect, [...state.functions.configurations.keys()]);
  const onEvaluated = (outputs: Record<string, unknown>) => {
    state.outputs = outputs;
    page.restart();
  };
  const { outputs } = evaluation;
  onEvaluated(outputs);
  const watched = { program, read, evaluator, resources, onEvaluated, onEvent: state.onEvent };
  if (options.watch) cleanup.add(watchProgram(watched, evaluation));
  else evaluator.stop();
  outages.begin();
  state.alarms.begin();
  const { account, iam, functions, schedules, metrics, alarms } = state;
  return {
    ...{ outputs, awsEndpoint: endpoint.url, consoleUrl: `${gateway.url}${page.path}/` },
    ...{ region: account.region, iam, functions, schedules, metrics, alarms },
    stop: () => cleanup.run(),
  };
}

function mappedInspection({ inspect }: StackOptions, cleanup: Cleanup) {
  return inspect && { ...inspect, mapsDirectory: temporaryDirectory(cleanup) };
}

/** Providers of all types; what they start stops before what it uses does. */
function startProviders(
  state: State & { standIns: StandIns },
  gateway: ApiGateway,
  { url: endpoint, requestHandler }: AwsEndpoint,
  cleanup: Cleanup,
) {
  const { account, functions, pollers } = state;
  const config = (caller: string) => ({
    endpoint,
    region: account.region,
    credentials: { accessKeyId: caller, secretAccessKey: "laptop" },
    requestHandler,
  });
  // A name that no function can have: whoever is none is the account's administrator.
  const administrator = config("the.laptop");
  const dynamodb = new DynamoDBClient(administrator);
  const sns = new SNSClient(administrator);
  const sqs = new SQSClient(administrator);
  const directory = temporaryDirectory(cleanup);
  cleanup.add(async () => {
    await gateway.stop();
    const stopped = pollers.map((poller) => poller.stop());
    await Promise.all([...functions.byArn.values()].map((each) => each.stop()));
    await Promise.all(stopped);
    for (const client of [dynamodb, sns, sqs]) client.destroy();
  });
  return makeProviders({
    ...state,
    endpoint,
    directory,
    dynamodb,
    sns,
    queues: makeQueues(account, endpoint, sqs),
    sqsClientAs: (caller) => new SQSClient(config(caller)),
    gateway,
  });
}
