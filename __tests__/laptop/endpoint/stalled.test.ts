import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { eventually } from "../../../harness/eventually";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";

const TIMEOUTS = { connectionTimeout: 500, requestTimeout: 500, throwOnRequestTimeout: true };

let aws: EmulatedAws;

beforeEach(async () => {
  aws = await startEmulatedAws({ faults: () => "stalled" });
});
afterEach(() => aws.stop());

/** As a function of the stack has them: faults happen to these only. */
function config(requestHandler: object) {
  const credentials = { accessKeyId: "f", secretAccessKey: "x", sessionToken: "sandbox" };
  return { ...aws.client, credentials, requestHandler, maxAttempts: 1 };
}

async function errorOf(sent: Promise<unknown>): Promise<unknown> {
  return sent.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("an answer that stalls", () => {
  it.each<[string, (handler: object) => Promise<unknown>]>([
    ["DynamoDB", (handler) => new DynamoDBClient(config(handler)).send(new ListTablesCommand())],
    ["SNS", (handler) => new SNSClient(config(handler)).send(new ListTopicsCommand())],
    [
      "SQS, whose answer is empty",
      async (handler) => {
        const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
        return new SQSClient(config(handler)).send(new DeleteQueueCommand({ QueueUrl }));
      },
    ],
  ])("is given up by a socketTimeout, and by nothing else: %s", async (_name, send) => {
    let patient: unknown = "still waiting";
    const waiting = errorOf(send(TIMEOUTS)).then((error) => (patient = error));
    await eventually("its call to happen", () => aws.calls.some(({ caller }) => caller === "f"));

    const error = await errorOf(send({ ...TIMEOUTS, socketTimeout: 500 }));
    expect(error).toMatchObject({ name: "TimeoutError" });
    expect(patient).toBe("still waiting");

    await aws.endpoint.stop();
    await waiting;
    expect(patient).toBeInstanceOf(Error);
  });
});
