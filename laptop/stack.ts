import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { startApiGateway } from "./apigateway/server";
import type { AwsCall } from "./aws-call";
import { startAwsEndpoint, type AwsEndpointOptions } from "./endpoint/server";
import type { AwsResponse } from "./endpoint/errors";
import { arn, type Cloud } from "./cloud";
import { ACCOUNT_ID, startEmulators } from "./endpoint/emulators";
import type { OnEvent } from "./events";
import { firstOf, makeOutages, type FaultPlan, type Outage } from "./endpoint/fault-injection";
import { authorise, makeIam, serviceMay, type Iam } from "./iam/authorizer";
import { neededPermissions } from "./iam/required-permissions";
import { readProgram } from "./program/project";
import { runProgram } from "./program/evaluate";
import type { Registration } from "./program/provider";
import { makeResource } from "./resources";

export interface LocalStackOptions {
  /** The project to run; this one unless told. */
  directory?: string;
  stack?: string;
  /** Config on top of the stack's file: `order-processing:throttle` → value. */
  config?: Record<string, unknown>;
  /** 0 for any that is free. */
  port?: number;
  onEvent?: OnEvent;
  /** What goes wrong, call by call. */
  faults?: FaultPlan;
  /** Services that the stack is cut off from, counted from when it has started. */
  outages?: Outage[];
  /** Hears of each call to AWS that was performed, whether or not its answer got through. */
  onCall?: AwsEndpointOptions["onCall"];
  /** Gives up starting; a running stack has stop(). */
  signal?: AbortSignal;
  /** Gives what is made in the place of a resource that the program registers: for tests' own times. */
  override?: (registration: Registration) => Registration;
}

export interface LocalStack {
  /** What the program exports, as `pulumi stack output` would give it. */
  outputs: Record<string, unknown>;
  /** Where an AWS client finds the stack's tables, queues and topics. */
  awsEndpoint: string;
  region: string;
  /** The roles with their policies, which may be changed while the stack runs, as in AWS. */
  iam: Iam;
  stop(): Promise<void>;
}

/** Runs the Pulumi program and really makes every resource that it registers, on emulators. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { directory = path.join(__dirname, ".."), stack = "dev", port = 0 } = options;
  const { override = (registration: Registration) => registration } = options;
  const onEvent = options.onEvent ?? (() => undefined);
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const program = readProgram(directory, stack, options.config ?? {});
    const region = program.config["aws:region"] ?? "us-east-1";
    const functions: Cloud["functions"] = new Map();
    const usagePlans: Cloud["usagePlans"] = new Map();
    const iam = makeIam(ACCOUNT_ID);
    const arnOf = (service: string, resource: string) =>
      arn({ region, accountId: ACCOUNT_ID }, service, resource);
    const cut = makeOutages(options.outages ?? [], () => performance.now());
    const emulators = await startEmulators(region, onEvent);
    stops.push(() => emulators.stop());
    const endpoint = await startAwsEndpoint({
      emulators: emulators.urls,
      onEvent,
      authorise: (call) => authorise(iam, call.caller, neededPermissions(call, arnOf, iam.keys)),
      faults: firstOf(cut.faults, options.faults ?? (() => undefined)),
      onCall(call, answer) {
        announcePublish(call, answer, onEvent);
        options.onCall?.(call, answer);
      },
      async kill({ caller, sandboxId = "" }) {
        for (const each of functions.values()) if (each.name === caller) await each.kill(sandboxId);
      },
    });
    stops.push(() => endpoint.stop());
    const gateway = await startApiGateway({
      port,
      accountId: ACCOUNT_ID,
      findFunction: (functionArn) => functions.get(functionArn),
      usagePlans,
      mayInvoke: (resource, path) => {
        const invoke = { action: "lambda:InvokeFunction", resource };
        return serviceMay(iam, "apigateway.amazonaws.com", invoke, arnOf("execute-api", path));
      },
      onEvent,
      forwardAwsCall: (request, response) => endpoint.handle(request, response),
    });
    stops.push(() => gateway.stop());
    const unpacked = mkdtempSync(path.join(tmpdir(), "order-processing-"));
    const remove = () => {
      rmSync(unpacked, { recursive: true, force: true });
    };
    process.once("exit", remove);
    stops.push(() => {
      process.off("exit", remove);
      remove();
    });

    const clientConfig = (caller: string) => ({
      endpoint: endpoint.url,
      region,
      credentials: { accessKeyId: caller, secretAccessKey: "laptop" },
    });
    // A name that no function can have: whoever is none is the account's administrator.
    const client = clientConfig("the.laptop");
    const cloud: Cloud = {
      region,
      accountId: ACCOUNT_ID,
      endpoint: endpoint.url,
      directory: unpacked,
      dynamodb: new DynamoDBClient(client),
      sqs: new SQSClient(client),
      sns: new SNSClient(client),
      sqsClientAs: (caller) => new SQSClient(clientConfig(caller)),
      iam,
      gateway,
      restApis: new Map(),
      apiKeys: new Map(),
      usagePlans,
      functions,
      retryPolicies: new Map(),
      eventSources: [],
      onEvent,
    };
    stops.push(() => stopWorking(cloud));
    options.signal?.throwIfAborted();
    const outputs = await runProgram(
      program,
      (registration) => makeResource(override(registration), cloud),
      options.signal,
    );
    cut.begin();
    stops.push(announceOutages(options.outages ?? [], onEvent));
    return { outputs, awsEndpoint: endpoint.url, region, iam, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Says when each service goes down and when it is back. The result ends that. */
function announceOutages(outages: Outage[], onEvent: OnEvent): () => void {
  const timers = outages.map(({ service, seconds }) => {
    onEvent({ kind: "outage", service, seconds });
    return setTimeout(() => onEvent({ kind: "outage", service }), seconds * 1000);
  });
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}

/** Whoever tries the stack out sees what customers would be sent, also where nobody subscribes. */
function announcePublish(
  { service, action, resource, body }: AwsCall,
  { status }: AwsResponse,
  onEvent: OnEvent,
): void {
  if (service !== "sns" || action !== "Publish" || status !== 200) return;
  const subject = new URLSearchParams(body.toString()).get("Subject") ?? "a message";
  onEvent({ kind: "published", subject, topic: resource });
}

async function stopWorking({ gateway, functions, eventSources, dynamodb, sqs, sns }: Cloud) {
  await gateway.stop();
  const sources = Promise.all(eventSources.map((source) => source.stop()));
  await Promise.all([...functions.values()].map((each) => each.stop()));
  await sources;
  for (const client of [dynamodb, sqs, sns]) client.destroy();
}
