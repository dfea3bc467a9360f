import { GetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { setTimeout } from "node:timers/promises";
import { fromItem } from "../handlers/order-item";
import type { FaultPlan } from "../local/faults";
import { startLocalStack } from "../local/stack";
import { makeLedger } from "./ledger";

const POLL_MILLISECONDS = 100;

export interface WatchedStackOptions {
  faults: FaultPlan;
  processing: Record<string, number>;
}

/** A laptop stack with a customer who subscribes to everything, and a ledger of what happens. */
export async function startWatchedStack({ faults, processing }: WatchedStackOptions) {
  const ledger = makeLedger();
  const stack = await startLocalStack({
    faults,
    onCall: (call, answer) => ledger.onCall(call, answer),
    config: {
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
      "order-processing:processing": processing,
    },
  });
  const output = (name: string) => String(stack.outputs[name]);
  const client = {
    endpoint: stack.awsEndpoint,
    region: stack.region,
    credentials: { accessKeyId: "outside", secretAccessKey: "outside" },
  };
  const dynamodb = new DynamoDBClient(client);
  const sqs = new SQSClient(client);
  const sns = new SNSClient(client);

  const customer = "customers-queue";
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: customer }));
  const Endpoint = output("topicArn").replace(/:sns:(.*):[^:]+$/, `:sqs:$1:${customer}`);
  await sns.send(new SubscribeCommand({ TopicArn: output("topicArn"), Protocol: "sqs", Endpoint }));

  /** Takes all that the customer has been sent. */
  async function readDeliveries(): Promise<void> {
    for (;;) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await sqs.send(command);
      if (Messages.length === 0) return;
      for (const { Body = "" } of Messages) ledger.onDelivery(Body);
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  async function messagesOn(queueUrl: string): Promise<number> {
    const AttributeNames = [
      "ApproximateNumberOfMessages" as const,
      "ApproximateNumberOfMessagesNotVisible" as const,
    ];
    const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames });
    const { Attributes = {} } = await sqs.send(command);
    return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
  }

  return {
    ledger,
    ordersUrl: `${output("apiUrl")}orders`,
    send: (queue: "queueUrl" | "deadLetterQueueUrl", MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: output(queue), MessageBody })),
    publish: (Message: string) =>
      sns.send(new PublishCommand({ TopicArn: output("topicArn"), Message })),
    async readOrder(orderId: string) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: output("tableName"),
          Key: { orderId: { S: orderId } },
          ConsistentRead: true,
        }),
      );
      return Item && fromItem(Item).order;
    },
    /** Waits until nothing is on its way any more. */
    async settled(milliseconds: number): Promise<void> {
      const { QueueUrls: hidden = [] } = await sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: "subscription-" }),
      );
      const queues = [output("queueUrl"), output("deadLetterQueueUrl"), ...hidden];
      await until("the queues to be empty", milliseconds, async () => {
        const counts = await Promise.all(queues.map(messagesOn));
        return counts.every((count) => count === 0);
      });
      await readDeliveries();
    },
    async stop() {
      for (const each of [dynamodb, sqs, sns]) each.destroy();
      await stack.stop();
    },
  };
}

export type WatchedStack = Awaited<ReturnType<typeof startWatchedStack>>;

/** Asks again and again; rejects when it has not come true in time. */
export async function until(
  what: string,
  milliseconds: number,
  isTrue: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds / 1000} s for ${what}`);
    await setTimeout(POLL_MILLISECONDS);
  }
}

/** Posts until the answer is 202, as a client with an Idempotency-Key may. Gives the tries it took. */
export async function postUntilAccepted(
  url: string,
  key: string,
  order: object,
  maxTries: number,
): Promise<number> {
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Idempotency-Key": key },
      body: JSON.stringify(order),
    });
    await response.arrayBuffer();
    if (response.status === 202) return tries;
    if (response.status < 500) throw new Error(`an order was answered with ${response.status}`);
  }
  throw new Error(`an order was not accepted in ${maxTries} tries`);
}
