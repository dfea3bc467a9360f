import * as path from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { ApiGateway } from "./apigateway/server";
import { type Cleanup, makeCleanup, temporaryDirectory } from "./cleanup";
import type { Alarms } from "./cloudwatch/alarms";
import type { Metrics } from "./cloudwatch/metrics";
import { consoleOf } from "./console/console-of";
import { type FaultPlan, firstOf } from "./endpoint/fault-injection";
import { makeOutages, type Outage } from "./endpoint/outages";
import type { AwsEndpointOptions } from "./endpoint/server";
import type { OnEvent } from "./events";
import type { Schedules } from "./events/answers";
import type { Iam } from "./iam/authorizer";
import { checkInspection, type Inspection } from "./inspection";
import { issuerOf } from "./issuer/issuer";
import type { Functions } from "./lambda/functions";
import { type Register, runProgram } from "./program/evaluate";
import { readProgram } from "./program/project";
import type { Registration } from "./program/provider";
import { createResource } from "./program/registry";
import { makeProviders } from "./providers";
import { emulatorsOf, startEndpoint, startGateway } from "./servers";
import { makeQueues } from "./sqs/queues";
import { type StandIns, standInsOf } from "./stand-ins";
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
  const { directory = path.join(__dirname, ".."), stack = "dev", signal } = options;
  const { onEvent = () => undefined, outages = [] } = options;
  const cleanup = makeCleanup();
  try {
    const program = readProgram(directory, stack, options.config ?? {});
    const state = makeState(program.config["aws:region"] ?? "us-east-1", onEvent);
    state.inspection = mappedInspection(options, cleanup);
    const cut = makeOutages(outages, state.onEvent);
    const faults = firstOf(cut.faults, options.faults ?? (() => undefined));
    const emulators = await emulatorsOf(state, options.data, cleanup);
    const endpoint = await startEndpoint(state, emulators, { ...options, faults }, cleanup);
    const issuer = issuerOf(program);
    const page = consoleOf(program, state, cut, emulators);
    cleanup.add(() => page.stop());
    const beside = [page, ...(issuer ? [issuer] : [])];
    const gateway = await startGateway(state, options.port ?? 0, endpoint, beside, cleanup);
    state.url = gateway.url;
    const standIns = standInsOf(issuer, gateway.url, options.standIns ?? {}, onEvent);
    const providers = startProviders({ ...state, standIns }, gateway, endpoint.url, cleanup);
    signal?.throwIfAborted();
    const register = registering(state, providers, options.override);
    const outputs = await runProgram({ ...program, ...state.inspection }, register, signal);
    checkInspection(options.inspect, [...state.functions.configurations.keys()]);
    state.outputs = outputs;
    page.restart();
    cut.begin();
    cleanup.add(() => cut.stop());
    state.alarms.begin();
    const { iam, functions, schedules, metrics, alarms } = state;
    return {
      ...{ outputs, awsEndpoint: endpoint.url, consoleUrl: `${gateway.url}${page.path}/` },
      ...{ region: state.account.region, iam, functions, schedules, metrics, alarms },
      stop: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

function mappedInspection({ inspect }: StackOptions, cleanup: Cleanup) {
  return inspect && { ...inspect, mapsDirectory: temporaryDirectory(cleanup) };
}

/** Creates what the program registers, and keeps it in mind. */
function registering(
  { registered, onEvent }: State,
  providers: ReturnType<typeof makeProviders>,
  override: NonNullable<StackOptions["override"]> = (registration) => registration,
): Register {
  const warn = (text: string) => onEvent({ kind: "warning", text });
  return async (registration) => {
    const resource = await createResource(providers, override(registration), warn);
    const { type, name, inputs } = registration;
    registered.set(`${type} ${name}`, { type, name, inputs, outputs: resource.outputs });
    return resource;
  };
}

/** Providers of all types; what they start stops before what it uses does. */
function startProviders(
  state: State & { standIns: StandIns },
  gateway: ApiGateway,
  endpoint: string,
  cleanup: Cleanup,
) {
  const { account, functions, pollers } = state;
  const config = (caller: string) => ({
    endpoint,
    region: account.region,
    credentials: { accessKeyId: caller, secretAccessKey: "laptop" },
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
