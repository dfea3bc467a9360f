import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { openShelf, SHELF_DIGITS, SHELVES } from "../handlers/aws/stored-order";
import type { AwsCall } from "../laptop/aws-call";

/** Messages that wait or are in flight, in all of these queues. */
export async function countMessages(sqs: SQSClient, queueUrls: string[]): Promise<number> {
  const counts = await Promise.all(queueUrls.map((url) => countMessagesOf(sqs, url)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countMessagesOf(sqs: SQSClient, QueueUrl: string): Promise<number> {
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
