import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsCall } from "../../laptop/aws-call";
import type { QueueSample } from "../../laptop/cloudwatch/observer";
import { startEmulators } from "../../laptop/endpoint/emulators";
import { type AwsEndpointOptions, startAwsEndpoint } from "../../laptop/endpoint/server";
import { makeTracing } from "../../laptop/traces/tracing";

const REGION = "eu-west-1";

export interface EmulatedAwsOptions extends Partial<AwsEndpointOptions> {
  /** The folder that keeps tables and messages. */
  data?: string;
}

/** The emulators behind the laptop's endpoint, with the SDK's clients and no stack. */
export async function startEmulatedAws({ data, ...options }: EmulatedAwsOptions = {}) {
  const calls: AwsCall[] = [];
  const onEvent = () => undefined;
  let samples: QueueSample[] = [];
  const emulators = await startEmulators(REGION, onEvent, (taken) => (samples = taken), data);
  const endpoint = await startAwsEndpoint({
    emulate: emulators.emulate,
    onEvent,
    authorise: () => undefined,
    tracing: makeTracing(),
    onCall: (call) => void calls.push(call),
    kill: () => Promise.resolve(),
    ...options,
  });
  const credentials = { accessKeyId: "outside", secretAccessKey: "outside" };
  const client = { endpoint: endpoint.url, region: REGION, credentials };
  const dynamodb = new DynamoDBClient(client);
  const sqs = new SQSClient(client);
  const sns = new SNSClient(client);
  return {
    endpoint,
    emulators,
    /** For clients of one's own. */
    client,
    dynamodb,
    sqs,
    sns,
    /** What the emulators have performed. */
    calls,
    /** What the last sample found on a queue. */
    sampleOf: (queue: string) => samples.find(({ name }) => name === queue),
    async stop() {
      for (const each of [dynamodb, sqs, sns]) each.destroy();
      await endpoint.stop();
      await emulators.stop();
    },
  };
}

export type EmulatedAws = Awaited<ReturnType<typeof startEmulatedAws>>;
