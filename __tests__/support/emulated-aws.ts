import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsCall } from "../../laptop/aws-call";
import { startEmulators } from "../../laptop/endpoint/emulators";
import { type AwsEndpointOptions, startAwsEndpoint } from "../../laptop/endpoint/server";

const REGION = "eu-west-1";

/** The emulators behind the laptop's endpoint, with the SDK's clients and no stack. */
export async function startEmulatedAws(options: Partial<AwsEndpointOptions> = {}) {
  const calls: AwsCall[] = [];
  const onEvent = () => undefined;
  const emulators = await startEmulators(REGION, onEvent);
  const endpoint = await startAwsEndpoint({
    emulators: emulators.urls,
    onEvent,
    authorise: () => undefined,
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
    /** For clients of one's own. */
    client,
    dynamodb,
    sqs,
    sns,
    /** What the emulators have performed. */
    calls,
    async stop() {
      for (const each of [dynamodb, sqs, sns]) each.destroy();
      await endpoint.stop();
      await emulators.stop();
    },
  };
}

export type EmulatedAws = Awaited<ReturnType<typeof startEmulatedAws>>;
