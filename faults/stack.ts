import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { SNSClient } from "@aws-sdk/client-sns";
import { randomUUID } from "node:crypto";
import { makeOrdersTable } from "../handlers/aws/orders-table";
import type { AwsResponse } from "../laptop/endpoint/errors";
import type { CountedCall } from "../laptop/endpoint/fault-injection";
import { startLocalStack, type LocalStack, type LocalStackOptions } from "../laptop/stack";
import type { Ledger } from "./ledger";
import { countMessages, countOpenOrders, makeHiddenMessages, subscribeCustomer } from "./outside";
import { within } from "./until";

/** What is wrong where `settled` gives false, and no order has a complaint. */
export const UNSETTLED = "orders are still open, or messages on their way";

export interface WatchedStackOptions extends Pick<
  LocalStackOptions,
  "directory" | "faults" | "onEvent" | "override"
> {
  processing: { maxAttempts: number } & Record<string, number>;
  ledger: Ledger;
  /** Hears of each performed call, and of what it did to an order. */
  onCall?: (call: CountedCall, answer: AwsResponse, effect: string | undefined) => void;
}

/** A laptop stack with a customer who subscribes to everything, and what happens in a ledger. */
export async function startWatchedStack({
  processing,
  ledger,
  onCall,
  ...options
}: WatchedStackOptions) {
  const hidden = makeHiddenMessages();
  const stack = await startLocalStack({
    ...options,
    onCall(call, answer) {
      if (call.sandboxId !== undefined) hidden.onCall(call);
      const effect = ledger.onCall(call, answer);
      onCall?.(call, answer, effect);
    },
    config: {
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
      "order-processing:processing": processing,
    },
  });
  const { dynamodb, sqs, sns } = clientsOf(stack);
  const output = (name: string) => String(stack.outputs[name]);
  const table = makeOrdersTable(dynamodb, output("tableName"), () => randomUUID());
  const readArrived = await subscribeCustomer(sqs, sns, output("topicArn"));

  return {
    ledger,
    ordersUrl: `${output("apiUrl")}orders`,
    send: (MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: output("queueUrl"), MessageBody })),
    readOrder: (orderId: string) => table.readOrder(orderId),
    /**
     * Waits until no order is open and no message is on its way; gives whether that came true. None may be left in orders-dead-letters:
     * all messages here are about orders, and far from being received a hundred times. Those that are
     * hidden come back when no order needs them any more, and must do nothing.
     */
    async settled(milliseconds: number): Promise<boolean> {
      const { QueueUrls = [] } = await sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: "subscription-" }),
      );
      const queues = [output("queueUrl"), output("deadLetterQueueUrl"), ...QueueUrls];
      const isSettled = await within(milliseconds, async () => {
        if ((await countOpenOrders(dynamodb, output("tableName"))) > 0) return false;
        await hidden.bringBack(sqs);
        const messages = await Promise.all(queues.map((url) => countMessages(sqs, url)));
        return messages.every((count) => count === 0);
      });
      for (const envelope of await readArrived()) ledger.onDelivery(envelope);
      return isSettled;
    },
    async stop() {
      for (const each of [dynamodb, sqs, sns]) each.destroy();
      await stack.stop();
    },
  };
}

export type WatchedStack = Awaited<ReturnType<typeof startWatchedStack>>;

/** Of nobody whom the stack knows, and who meets with no faults. */
function clientsOf({ awsEndpoint: endpoint, region }: LocalStack) {
  const credentials = { accessKeyId: "outside", secretAccessKey: "outside" };
  const client = { endpoint, region, credentials };
  return {
    dynamodb: new DynamoDBClient(client),
    sqs: new SQSClient(client),
    sns: new SNSClient(client),
  };
}
