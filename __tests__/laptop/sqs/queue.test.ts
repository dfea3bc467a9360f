import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { eventually } from "../../../harness/eventually";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";

let aws: EmulatedAws;
let queues = 0;

beforeAll(async () => {
  aws = await startEmulatedAws();
});
afterAll(() => aws.stop());

/** A queue, as whoever has its URL uses it. */
async function makeQueue(Attributes: Record<string, string> = {}) {
  queues += 1;
  const QueueName = `queue-${queues}`;
  const { QueueUrl = "" } = await aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return {
    arn: `arn:aws:sqs:eu-west-1:000000000000:${QueueName}`,
    url: QueueUrl,
    send: (MessageBody: string, DelaySeconds?: number) =>
      aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds })),
    async receive(WaitTimeSeconds = 0): Promise<Message[]> {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      });
      return (await aws.sqs.send(command)).Messages ?? [];
    },
    hide: (message: Message | undefined, VisibilityTimeout: number) =>
      aws.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      ),
    async counts(): Promise<number[]> {
      const names = [
        "ApproximateNumberOfMessages" as const,
        "ApproximateNumberOfMessagesNotVisible" as const,
        "ApproximateNumberOfMessagesDelayed" as const,
      ];
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names });
      const { Attributes = {} } = await aws.sqs.send(command);
      return names.map((name) => Number(Attributes[name]));
    },
  };
}

const receiveCounts = (messages: Message[]) =>
  messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount);

describe("ChangeMessageVisibility on the laptop", () => {
  it("hides a message for longer than its queue does, and shows it again", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "1" });
    await queue.send("hello");
    const [message] = await queue.receive();
    await queue.hide(message, 600);
    expect(await queue.receive(2)).toEqual([]);
    expect(await queue.counts()).toEqual([0, 1, 0]);

    await queue.hide(message, 0);
    expect(await queue.counts()).toEqual([1, 0, 0]);
    const again = await queue.receive();
    expect(again).toMatchObject([{ MessageId: message?.MessageId, Body: "hello" }]);
    expect(receiveCounts(again)).toEqual(["2"]);
    expect(again[0]?.ReceiptHandle).not.toBe(message?.ReceiptHandle);
  });

  it("shows a message sooner than its queue does, to whoever is waiting for it", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    await queue.send("hello");
    const [message] = await queue.receive();
    await queue.hide(message, 1);
    expect(await queue.receive()).toEqual([]);
    expect(receiveCounts(await queue.receive(20))).toEqual(["2"]);
  });

  it("is refused for a message that is not in flight", async () => {
    const queue = await makeQueue();
    await queue.send("hello");
    const [message] = await queue.receive();
    await aws.sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message?.ReceiptHandle }),
    );
    await expect(queue.hide(message, 1)).rejects.toMatchObject({ name: "MessageNotInflight" });
  });

  it("does so for each message of a batch, and says which it could not", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    await queue.send("one");
    await queue.send("two");
    const [one, two] = await queue.receive();
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queue.url,
      Entries: [
        { Id: "a", ReceiptHandle: one?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: "b", ReceiptHandle: "unknown", VisibilityTimeout: 0 },
        { Id: "c", ReceiptHandle: two?.ReceiptHandle, VisibilityTimeout: 300 },
      ],
    });
    const { Successful = [], Failed = [] } = await aws.sqs.send(command);
    expect(Successful.map(({ Id }) => Id)).toEqual(["a", "c"]);
    expect(Failed).toMatchObject([{ Id: "b", SenderFault: true, Code: "ReceiptHandleIsInvalid" }]);
    expect(await queue.receive()).toMatchObject([{ MessageId: one?.MessageId }]);
  });

  it("is called by its own name, on its queue", async () => {
    const queue = await makeQueue();
    await queue.send("hello");
    const [message] = await queue.receive();
    await queue.hide(message, 1);
    expect(aws.calls.at(-1)).toMatchObject({
      service: "sqs",
      action: "ChangeMessageVisibility",
      resource: `queue-${queues}`,
    });
  });
});

describe("a queue's redrive policy on the laptop", () => {
  it("moves a message that has been received too often, however it became visible again", async () => {
    const deadLetters = await makeQueue();
    const queue = await makeQueue({
      VisibilityTimeout: "600",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 }),
    });
    await queue.send("hello");
    const [first] = await queue.receive();
    await queue.hide(first, 0);
    const [second] = await queue.receive();
    expect(receiveCounts([first ?? {}, second ?? {}])).toEqual(["1", "2"]);
    await queue.hide(second, 0);
    expect(await deadLetters.counts()).toEqual([0, 0, 0]);
    expect(await queue.receive()).toEqual([]);

    expect(await queue.counts()).toEqual([0, 0, 0]);
    expect(await deadLetters.counts()).toEqual([1, 0, 0]);
    const dead = await deadLetters.receive();
    expect(dead).toMatchObject([{ MessageId: first?.MessageId, Body: "hello" }]);
    expect(receiveCounts(dead)).toEqual(["1"]);
  });
});

describe("the counts of a queue on the laptop", () => {
  it("are of messages that are visible, in flight and delayed", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    await queue.send("in flight");
    await queue.receive();
    await queue.send("visible");
    await queue.send("delayed", 600);
    expect(await queue.counts()).toEqual([1, 1, 1]);
  });

  it("follow the clock, also when nobody receives", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "1" });
    await queue.send("in flight");
    await queue.receive();
    await queue.send("delayed", 1);
    expect(await queue.counts()).toEqual([0, 1, 1]);
    const counts = await eventually(
      "both to be visible",
      async () => {
        const found = await queue.counts();
        return found[0] === 2 && found;
      },
      5_000,
    );
    expect(counts).toEqual([2, 0, 0]);
  });
});

describe("SendMessageBatch on the laptop", () => {
  it("sends what it can, and says what it could not", async () => {
    const queue = await makeQueue();
    const command = new SendMessageBatchCommand({
      QueueUrl: queue.url,
      Entries: [
        { Id: "a", MessageBody: "one" },
        { Id: "b", MessageBody: "\u0000" },
        { Id: "c", MessageBody: "three" },
      ],
    });
    const { Successful = [], Failed = [] } = await aws.sqs.send(command);
    expect(Successful.map(({ Id }) => Id)).toEqual(["a", "c"]);
    expect(Failed).toMatchObject([{ Id: "b", SenderFault: true, Code: "InvalidMessageContents" }]);
    const received = await queue.receive();
    expect(received.map(({ Body }) => Body).sort()).toEqual(["one", "three"]);
  });

  it.each([
    ["nothing", 0, "EmptyBatchRequest"],
    ["more than ten", 11, "TooManyEntriesInBatchRequest"],
  ])("is refused as a whole with %s", async (_name, entries, name) => {
    const queue = await makeQueue();
    const QueueUrl = queue.url;
    const Entries = Array.from({ length: entries }, (_, i) => ({ Id: `${i}`, MessageBody: "m" }));
    await expect(
      aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
    ).rejects.toMatchObject({ name });
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });
});

describe("what is sampled of a queue on the laptop", () => {
  it("is how many messages it has, and how old the oldest is, in flight or not", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    const name = queue.arn.slice(queue.arn.lastIndexOf(":") + 1);
    await eventually("an empty queue", () => aws.sampleOf(name)?.visible === 0);
    expect(aws.sampleOf(name)).toEqual({
      name,
      visible: 0,
      notVisible: 0,
      delayed: 0,
      ageSeconds: 0,
    });

    await queue.send("one");
    const [one] = await queue.receive();
    await queue.send("two");
    await eventually("both to be of some age", () => Number(aws.sampleOf(name)?.ageSeconds) > 1);
    expect(aws.sampleOf(name)).toMatchObject({ visible: 1, notVisible: 1 });
    await aws.sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: one?.ReceiptHandle }),
    );
    await eventually("one to be gone", () => aws.sampleOf(name)?.notVisible === 0);
    expect(aws.sampleOf(name)?.ageSeconds).toBeGreaterThan(1);
  });

  it("leaves out the age of a message that is received again and again, as SQS does", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    const name = queue.arn.slice(queue.arn.lastIndexOf(":") + 1);
    await queue.send("poison");
    for (let time = 1; time <= 3; time += 1) {
      const [message] = await queue.receive();
      await queue.hide(message, 0);
    }
    await eventually("its age", () => Number(aws.sampleOf(name)?.ageSeconds) > 0);
    await queue.receive();
    await eventually("its fourth receive", () => aws.sampleOf(name)?.notVisible === 1);
    expect(aws.sampleOf(name)?.ageSeconds).toBe(0);
  });
});
