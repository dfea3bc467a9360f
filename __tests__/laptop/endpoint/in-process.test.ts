import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { eventually } from "../../../harness/eventually";
import type { FaultKind } from "../../../laptop/endpoint/fault-injection";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";

let aws: EmulatedAws;
/** Of this process, and a poller: faults happen to its calls. */
let sqs: SQSClient;
let faults: (FaultKind | undefined)[];
let requests: number;

beforeEach(async () => {
  faults = [];
  requests = 0;
  aws = await startEmulatedAws({
    faults() {
      requests += 1;
      return faults.shift();
    },
  });
  const { requestHandler } = aws.endpoint;
  const credentials = { accessKeyId: "f.poller", secretAccessKey: "x" };
  sqs = new SQSClient({ ...aws.client, credentials, requestHandler });
});
afterEach(async () => {
  sqs.destroy();
  await aws.stop();
});

async function makeQueue(): Promise<string> {
  const { QueueUrl = "" } = await aws.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  return QueueUrl;
}

const attemptsOf = ({ $metadata }: { $metadata: { attempts?: number } }) => $metadata.attempts;

describe("an SDK client of the laptop's own process", () => {
  it("gets the endpoint's responses, and its errors", async () => {
    const QueueUrl = await makeQueue();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "açaí" }));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual(["açaí"]);
    expect(aws.calls.map(({ caller, action }) => `${caller} ${action}`)).toEqual([
      "outside CreateQueue",
      "f.poller SendMessage",
      "f.poller ReceiveMessage",
    ]);
    const unknown = sqs.send(new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}s` }));
    await expect(unknown).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  it.each<FaultKind>(["throttled", "server-error", "connection-reset", "response-lost"])(
    "calls again after this fault: %s",
    async (fault) => {
      const QueueUrl = await makeQueue();
      faults.push(fault);
      const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));
      expect(attemptsOf(sent)).toBe(2);
    },
  );

  it("can give up waiting for a message", async () => {
    const QueueUrl = await makeQueue();
    const controller = new AbortController();
    const receiving = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: controller.signal,
    });
    await eventually("its request", () => requests > 0);
    controller.abort();
    await expect(receiving).rejects.toMatchObject({ name: "AbortError" });
  });
});
