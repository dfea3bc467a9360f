import { QueryCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { SubscribeCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { AwsCall } from "../laptop/aws-call";
import { openShelf, SHELF_DIGITS, SHELVES } from "../handlers/aws/stored-order";

const CUSTOMER = "customers-queue";

/** A customer who subscribes to everything. Gives what reads, and deletes, all that has arrived. */
export async function subscribeCustomer(
  sqs: SQSClient,
  sns: SNSClient,
  TopicArn: string,
): Promise<() => Promise<string[]>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: CUSTOMER }));
  const Endpoint = TopicArn.replace(/:sns:(.*):[^:]+$/, `:sqs:$1:${CUSTOMER}`);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return async () => {
    const arrived: string[] = [];
    for (;;) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await sqs.send(command);
      if (Messages.length === 0) return arrived;
      arrived.push(...Messages.map(({ Body = "" }) => Body));
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
}

/** Messages that wait or are in flight. */
export async function countMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = [
    "ApproximateNumberOfMessages" as const,
    "ApproximateNumberOfMessagesNotVisible" as const,
  ];
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames });
  const { Attributes = {} } = await sqs.send(command);
  return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
}

/**
 * Messages that functions hide, for minutes where they were received often. Gives what brings them all
 * back at once: nobody waits for them once their orders have ended.
 */
export function makeHiddenMessages() {
  const hidden = new Map<string, string>();
  return {
    /** To be given each performed call of a function. */
    onCall({ action, body }: AwsCall): void {
      if (action !== "ChangeMessageVisibility") return;
      const { QueueUrl, ReceiptHandle } = JSON.parse(body.toString()) as Record<string, string>;
      if (ReceiptHandle !== undefined) hidden.set(ReceiptHandle, QueueUrl ?? "");
    },
    async bringBack(sqs: SQSClient): Promise<void> {
      const messages = [...hidden];
      hidden.clear();
      await Promise.all(
        messages.map(async ([ReceiptHandle, QueueUrl]) => {
          const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
          // One that has come back meanwhile has another handle, or is gone.
          await sqs.send(new ChangeMessageVisibilityCommand(change)).catch(() => undefined);
        }),
      );
    },
  };
}

/** Of all open shelves. */
export async function countOpenOrders(dynamodb: DynamoDBClient, TableName: string) {
  const counts = await Promise.all(
    Array.from(SHELF_DIGITS, async (digit) => {
      const command = new QueryCommand({
        TableName,
        IndexName: SHELVES.index,
        KeyConditionExpression: `${SHELVES.partition} = :shelf`,
        ExpressionAttributeValues: { ":shelf": { S: openShelf(digit) } },
        Select: "COUNT",
      });
      return (await dynamodb.send(command)).Count ?? 0;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
