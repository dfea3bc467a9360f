import { DynamoDBClient, GetItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ORDER_ID } from "../handlers/order";
import { FAILED_INDEX } from "../handlers/order-item";
import { orderMessage } from "../handlers/order-messages";
import type { FailedOrder, RedriveDeps } from "./redrive";

export interface Target {
  tableName: string;
  queueUrl: string;
  region: string;
  /** Of the laptop stack; undefined for AWS itself. */
  endpoint: string | undefined;
}

/** A laptop takes any whose name no function can have; an account wants the shell's own. */
export const LAPTOP_CREDENTIALS = { accessKeyId: "an.operator", secretAccessKey: "laptop" };

export function redriveDeps({ tableName, queueUrl, region, endpoint }: Target): RedriveDeps {
  const config = {
    region,
    ...(endpoint !== undefined && { endpoint, credentials: LAPTOP_CREDENTIALS }),
  };
  const client = new DynamoDBClient(config);
  const sqs = new SQSClient(config);
  return {
    async *failedOrders() {
      const query = {
        TableName: tableName,
        IndexName: FAILED_INDEX.name,
        KeyConditionExpression: `${FAILED_INDEX.partition} = :failed`,
        ExpressionAttributeValues: { ":failed": { S: "FAILED" } },
      };
      for await (const { Items = [] } of paginateQuery({ client, pageSize: 100 }, query)) {
        yield Items.map((item): FailedOrder => ({
          orderId: item["orderId"]?.S ?? "",
          failedAt: item["failedAt"]?.S ?? "",
          failureReason: item["failureReason"]?.S ?? "",
        }));
      }
    },
    async statusOf(orderId) {
      if (!ORDER_ID.test(orderId)) return undefined;
      const Key = { orderId: { S: orderId } };
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
      );
      return Item?.["status"]?.S;
    },
    async enqueueOrders(orderIds) {
      const { Failed = [] } = await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: orderIds.map((Id) => ({ Id, MessageBody: orderMessage(Id) })),
        }),
      );
      return Failed.map(({ Id = "" }) => Id);
    },
    say: (line) => console.log(line),
    now: () => new Date(),
  };
}
