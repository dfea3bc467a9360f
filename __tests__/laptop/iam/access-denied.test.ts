import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type AwsEndpoint, startAwsEndpoint } from "../../../laptop/endpoint/server";
import type { StackEvent } from "../../../laptop/events";
import { makeTracing } from "../../../laptop/traces/tracing";

const events: StackEvent[] = [];
const performed: unknown[] = [];
let action: string;
let endpoint: AwsEndpoint;

beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    // What is denied reaches no emulator.
    emulate: () => Promise.reject(new Error("there is none")),
    onEvent: (event) => void events.push(event),
    onCall: (call) => void performed.push(call),
    tracing: makeTracing(),
    authorise: () => ({ action, resource: "r", message: `no ${action} for <you> & yours` }),
    kill: () => Promise.resolve(),
  });
});
afterAll(() => endpoint.stop());

function config() {
  const credentials = { accessKeyId: "worker", secretAccessKey: "x" };
  return { endpoint: endpoint.url, region: "eu-west-1", credentials };
}

const getItem = () =>
  new DynamoDBClient(config()).send(new GetItemCommand({ TableName: "t", Key: { k: { S: "" } } }));
const receive = () =>
  new SQSClient(config()).send(new ReceiveMessageCommand({ QueueUrl: `${endpoint.url}/0/q` }));
const publish = () =>
  new SNSClient(config()).send(new PublishCommand({ TopicArn: "arn:aws:sns:r:0:t", Message: "m" }));

describe("a call that is denied on the laptop", () => {
  it.each<[string, () => Promise<unknown>, string, number]>([
    ["dynamodb:GetItem", getItem, "AccessDeniedException", 400],
    ["sqs:ReceiveMessage", receive, "AccessDenied", 403],
    ["sns:Publish", publish, "AuthorizationErrorException", 403],
    ["kms:Decrypt", getItem, "AccessDeniedException", 400],
    ["kms:Decrypt", receive, "KmsAccessDenied", 400],
    ["kms:Decrypt", publish, "KMSAccessDeniedException", 400],
  ])(
    "%s is the SDK's own error for it, and is not tried again",
    async (what, send, name, status) => {
      action = what;
      const before = events.length;
      const error = await send().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({
        name,
        message: expect.stringContaining(`no ${action} for <you> & yours`),
        $metadata: { httpStatusCode: status },
      });
      expect(events.slice(before)).toEqual([
        { kind: "warning", text: `access denied: no ${action} for <you> & yours` },
      ]);
      expect(performed).toEqual([]);
    },
  );
});
