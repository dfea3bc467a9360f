import { CreateTopicCommand, PublishCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { deliverToQueue } from "../../../laptop/sns/delivery";
import { makeTracing } from "../../../laptop/traces/tracing";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";

const OWN = "Root=1-65f0c0de-000000000000000000000001;Parent=0000000000000001;Sampled=1";
const GIVEN = "Root=1-65f0c0de-000000000000000000000002;Parent=0000000000000002;Sampled=1";

const tracing = makeTracing();
let aws: EmulatedAws;
let queues = 0;
/** Of the calls that are made now, as the SDK takes it from Lambda. */
function setHeader(header: string | undefined): void {
  process.env["AWS_LAMBDA_FUNCTION_NAME"] = "any";
  if (header === undefined) delete process.env["_X_AMZN_TRACE_ID"];
  else process.env["_X_AMZN_TRACE_ID"] = header;
}

beforeAll(async () => {
  aws = await startEmulatedAws({ tracing });
});
afterAll(() => aws.stop());

async function makeQueue() {
  const QueueName = `traced-${(queues += 1)}`;
  const { QueueUrl = "" } = await aws.sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

async function receive(
  QueueUrl: string,
  MessageSystemAttributeNames: MessageSystemAttributeName[] = ["All"],
): Promise<Message[]> {
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({
      ...{ QueueUrl, MessageSystemAttributeNames, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 },
    }),
  );
  return Messages;
}

const headersOf = (messages: Message[]) =>
  Object.fromEntries(
    messages.map(({ Body = "", Attributes }): [string, string | undefined] => [
      Body,
      Attributes?.AWSTraceHeader,
    ]),
  );
const given = { AWSTraceHeader: { DataType: "String", StringValue: GIVEN } };

describe("AWSTraceHeader of a message", () => {
  it("is the header of the call that has sent it, or the one that it gives", async () => {
    const QueueUrl = await makeQueue();
    const send = (MessageBody: string, attributes = {}) =>
      aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...attributes }));
    setHeader(OWN);
    await send("own");
    await send("given", { MessageSystemAttributes: given });
    setHeader(undefined);
    await send("none");
    const received: Message[] = [];
    while (received.length < 3) received.push(...(await receive(QueueUrl)));
    expect(headersOf(received)).toEqual({ own: OWN, given: GIVEN, none: undefined });
  });

  it("is each message's own in a batch", async () => {
    const QueueUrl = await makeQueue();
    setHeader(OWN);
    await aws.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "own" },
          { Id: "b", MessageBody: "given", MessageSystemAttributes: given },
        ],
      }),
    );
    setHeader(undefined);
    const received: Message[] = [];
    while (received.length < 2) received.push(...(await receive(QueueUrl)));
    expect(headersOf(received)).toEqual({ own: OWN, given: GIVEN });
  });

  it("is there for who asks for it, beside what else was asked for", async () => {
    const QueueUrl = await makeQueue();
    setHeader(OWN);
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "b" }));
    setHeader(undefined);
    const asked: MessageSystemAttributeName[] = ["AWSTraceHeader", "ApproximateReceiveCount"];
    const one = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: asked });
    const { Messages: [first] = [] } = await aws.sqs.send(one);
    expect(first?.Attributes).toEqual({ AWSTraceHeader: OWN, ApproximateReceiveCount: "1" });
    const [second] = await receive(QueueUrl, ["SentTimestamp"]);
    expect(Object.keys(second?.Attributes ?? {})).toEqual(["SentTimestamp"]);
  });

  it("stays when the message is received again", async () => {
    const QueueUrl = await makeQueue();
    setHeader(OWN);
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));
    setHeader(undefined);
    for (const count of ["1", "2"]) {
      const { Messages: [message] = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MessageSystemAttributeNames: ["All"], VisibilityTimeout: 0 },
        }),
      );
      expect(message?.Attributes).toMatchObject({
        ...{ AWSTraceHeader: OWN, ApproximateReceiveCount: count },
      });
    }
  });
});

describe("a message that is published", () => {
  it("hands its trace on to the queues of its subscribers", async () => {
    const [hidden, subscriber] = [await makeQueue(), await makeQueue()];
    const { TopicArn = "" } = await aws.sns.send(new CreateTopicCommand({ Name: "news" }));
    const { Attributes } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: hidden, AttributeNames: ["QueueArn"] }),
    );
    const Endpoint = Attributes?.QueueArn;
    await aws.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    const poller = deliverToQueue(
      aws.sqs,
      { queueUrl: subscriber, isRaw: true },
      {
        queueUrl: hidden,
        topic: "news",
        tracing,
        isPermitted: () => true,
        onEvent: () => undefined,
      },
    );
    setHeader(OWN);
    await aws.sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
    setHeader(undefined);
    const [message] = await receive(subscriber);
    await poller.stop();

    const root = "1-65f0c0de-000000000000000000000001";
    const spans = tracing.traces.get(root)?.spans ?? [];
    const delivery = spans.find(({ kind }) => kind === "delivery");
    expect(delivery).toMatchObject({ topic: "news", delivered: true });
    expect(message).toMatchObject({
      Body: "hello",
      Attributes: { AWSTraceHeader: `Root=${root};Parent=${delivery?.id};Sampled=1` },
    });
  });
});
