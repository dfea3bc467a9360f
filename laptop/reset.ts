import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateListTables,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import {
  GetQueueAttributesCommand,
  paginateListQueues,
  PurgeQueueCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { array, type Infer, number, string, type } from "superstruct";

export const resetResult = type({
  /** With how many items have been deleted from each. */
  tables: array(type({ name: string(), items: number() })),
  /** With how many messages have been in each, delayed ones and those in flight included. */
  queues: array(type({ name: string(), messages: number() })),
});
export type ResetResult = Infer<typeof resetResult>;

/** A batch takes as many. */
const BATCH = 25;

/**
 * Empties all tables and queues of a running stack, also the hidden queues of subscriptions. An invocation that runs
 * meanwhile may still write.
 */
export async function resetStack(clients: {
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
}): Promise<ResetResult> {
  // First what would work on the items.
  const queues = await emptyQueues(clients.sqs);
  return { tables: await emptyTables(clients.dynamodb), queues };
}

async function emptyTables(dynamodb: DynamoDBClient): Promise<ResetResult["tables"]> {
  const tables: ResetResult["tables"] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {})) {
    for (const name of TableNames) tables.push({ name, items: await emptyTable(dynamodb, name) });
  }
  return tables;
}

async function emptyTable(client: DynamoDBClient, TableName: string): Promise<number> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const names = Table?.KeySchema?.flatMap(({ AttributeName = "" }) => AttributeName) ?? [];
  const projection = {
    ProjectionExpression: names.map((_name, i) => `#${i}`).join(),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
  };
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ...projection })) {
    for (let i = 0; i < Items.length; i += BATCH) {
      const requests = Items.slice(i, i + BATCH).map((Key) => ({ DeleteRequest: { Key } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    }
    count += Items.length;
  }
  return count;
}

async function emptyQueues(sqs: SQSClient): Promise<ResetResult["queues"]> {
  const queues: ResetResult["queues"] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, {})) {
    for (const QueueUrl of QueueUrls) {
      const name = QueueUrl.split("/").at(-1) ?? "";
      const messages = await countMessages(sqs, QueueUrl);
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
      queues.push({ name, messages });
    }
  }
  return queues;
}

async function countMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: [
      "ApproximateNumberOfMessages",
      "ApproximateNumberOfMessagesDelayed",
      "ApproximateNumberOfMessagesNotVisible",
    ],
  });
  const { Attributes = {} } = await sqs.send(command);
  return Object.values(Attributes).reduce((sum, text) => sum + Number(text), 0);
}
