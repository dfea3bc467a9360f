import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";
import { randomUUID } from "crypto";
import type { CreateOrderDeps } from "./create-order";
import type { FailOrderDeps } from "./fail-order";
import { fulfilOrder } from "./fulfil-order";
import type { GetOrderDeps } from "./get-order";
import { sentenceOf, subjectOf, type Notification } from "./order";
import {
  documentValue,
  FAILED_INDEX,
  fromItem,
  toItem,
  type Item,
  type StoredOrder,
} from "./order-item";
import { orderMessage } from "./order-messages";
import type { ProcessOrderDeps } from "./process-order";
import type { RecordNotificationDeps } from "./record-notification";

/** Node's own errors for an endpoint out of reach. */
const UNREACHABLE = ["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ENOTFOUND", "EPIPE", "ETIMEDOUT"];

export function createOrderDeps(): CreateOrderDeps {
  const table = ordersTable();
  const sqs = new SQSClient(clientConfig());
  const QueueUrl = requiredEnv("QUEUE_URL");
  return {
    async saveOrder(order, fingerprint) {
      const put = new PutItemCommand({
        TableName: table.name,
        Item: toItem(order, fingerprint),
        ConditionExpression: "attribute_not_exists(orderId)",
      });
      return (await unlessConditionFails(table.client.send(put))) !== undefined;
    },
    readOrder: (orderId) => table.read(orderId),
    async enqueueOrder(orderId) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: orderMessage(orderId) }));
    },
    isRetryable,
    now: () => new Date(),
    newOrderId: () => randomUUID(),
  };
}

export function getOrderDeps(): GetOrderDeps {
  const table = ordersTable();
  return { readOrder: (orderId) => table.read(orderId), isRetryable };
}

export function processOrderDeps(): ProcessOrderDeps {
  const table = ordersTable();
  return {
    async claimOrder(orderId, now, leaseExpiresAt) {
      const claimed = await table.updateIf(orderId, {
        UpdateExpression: `SET #status = :processing, updatedAt = :nowText, leaseExpiresAt = :lease,
          attempt = if_not_exists(attempt, :zero) + :one
          REMOVE failedAt, failureReason, notifiedAt, ${FAILED_INDEX.partition}`,
        ConditionExpression: `#status IN (:received, :failed)
          OR (#status = :processing AND leaseExpiresAt < :now)`,
        ExpressionAttributeValues: {
          ...statuses("received", "processing", "failed"),
          ...times(now),
          ":lease": { N: String(leaseExpiresAt.getTime()) },
          ":zero": { N: "0" },
          ":one": { N: "1" },
        },
      });
      if (claimed) return { state: "claimed", order: claimed.order, attempt: claimed.attempt };
      return whyNot(await table.read(orderId));
    },
    fulfilOrder,
    async completeOrder(orderId, attempt, { totals }, now) {
      const completed = await table.updateIf(orderId, {
        UpdateExpression: `SET #status = :completed, updatedAt = :nowText, completedAt = :nowText,
          totals = :totals REMOVE leaseExpiresAt`,
        ConditionExpression: "#status = :processing AND attempt = :attempt",
        ExpressionAttributeValues: {
          ...statuses("processing", "completed"),
          ":nowText": { S: now.toISOString() },
          ":totals": documentValue(totals),
          ":attempt": { N: String(attempt) },
        },
      });
      if (completed) return completed.order;
      // The update may have been made by a first try whose answer was lost.
      const stored = await table.read(orderId);
      const isMine = stored?.attempt === attempt && stored.order.status === "COMPLETED";
      return isMine ? stored.order : undefined;
    },
    notifyCustomer: customerNotifier(),
    now: () => new Date(),
    leaseMilliseconds: Number(requiredEnv("TIMEOUT_SECONDS")) * 1000,
  };
}

export function failOrderDeps(): FailOrderDeps {
  const table = ordersTable();
  return {
    async failOrder(orderId, reason, now) {
      const failed = await table.updateIf(orderId, {
        UpdateExpression: `SET #status = :failed, updatedAt = :nowText, failedAt = :nowText,
          failureReason = :reason, ${FAILED_INDEX.partition} = :failed REMOVE leaseExpiresAt`,
        ConditionExpression: `#status = :received
          OR (#status = :processing AND leaseExpiresAt < :now)`,
        ExpressionAttributeValues: {
          ...statuses("received", "processing", "failed"),
          ...times(now),
          ":reason": { S: reason },
        },
      });
      return failed ? { state: "failed", order: failed.order } : whyNot(await table.read(orderId));
    },
    notifyCustomer: customerNotifier(),
    now: () => new Date(),
  };
}

export function recordNotificationDeps(): RecordNotificationDeps {
  const table = ordersTable();
  return {
    async recordNotified(orderId, status, endedAt, now) {
      const recorded = await table.updateIf(orderId, {
        UpdateExpression: "SET notifiedAt = :nowText",
        ConditionExpression: `#status = :status AND attribute_not_exists(notifiedAt)
          AND (completedAt = :endedAt OR failedAt = :endedAt)`,
        ExpressionAttributeValues: {
          ":status": { S: status },
          ":endedAt": { S: endedAt },
          ":nowText": { S: now.toISOString() },
        },
      });
      if (recorded) return "recorded";
      return (await table.read(orderId)) ? "ignored" : "unknown";
    },
    now: () => new Date(),
  };
}

function ordersTable() {
  const client = new DynamoDBClient(clientConfig());
  const name = requiredEnv("TABLE_NAME");
  return {
    client,
    name,
    /** Strongly consistent: a client may ask for the order that it has just posted. */
    async read(orderId: string): Promise<StoredOrder | undefined> {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: name, Key: key(orderId), ConsistentRead: true }),
      );
      return Item && fromItem(Item);
    },
    /** One conditional update of one order; undefined when its condition does not hold. */
    async updateIf(
      orderId: string,
      update: Pick<
        UpdateItemCommandInput,
        "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues"
      >,
    ): Promise<StoredOrder | undefined> {
      const command = new UpdateItemCommand({
        TableName: name,
        Key: key(orderId),
        ...update,
        ExpressionAttributeNames: { "#status": "status" },
        ReturnValues: "ALL_NEW",
      });
      const result = await unlessConditionFails(client.send(command));
      return result?.Attributes && fromItem(result.Attributes);
    },
  };
}

function customerNotifier(): (notification: Notification) => Promise<void> {
  const sns = new SNSClient(clientConfig());
  const TopicArn = requiredEnv("TOPIC_ARN");
  return async (notification) => {
    const sentence = sentenceOf(notification);
    await sns.send(
      new PublishCommand({
        TopicArn,
        Subject: subjectOf(notification),
        MessageStructure: "json",
        Message: JSON.stringify({
          default: JSON.stringify(notification),
          email: sentence,
          sms: sentence,
        }),
        MessageAttributes: {
          customerId: { DataType: "String", StringValue: notification.customerId },
          status: { DataType: "String", StringValue: notification.status },
        },
      }),
    );
  };
}

/** Why an order could not be taken, read after the fact: it may have moved on since. */
function whyNot(stored: StoredOrder | undefined) {
  if (!stored) return { state: "unknown" } as const;
  const { order } = stored;
  return order.status === "COMPLETED" || order.status === "FAILED"
    ? ({ state: "ended", order } as const)
    : ({ state: "leased" } as const);
}

async function unlessConditionFails<T>(sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Worth another try by the client: throttled, out of reach, timed out, or a fault of AWS's own. */
function isRetryable(error: unknown): boolean {
  const failure = error as Parameters<typeof isServerError>[0] & { code?: string };
  return (
    isThrottlingError(failure) ||
    isTransientError(failure) ||
    isServerError(failure) ||
    UNREACHABLE.includes(failure.code ?? "")
  );
}

/** No handler makes more than three calls one after another: 18 seconds where AWS does not answer. */
export function clientConfig() {
  return {
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: 2000,
      throwOnRequestTimeout: true,
      // requestTimeout ends with the response's headers: without this a body that stalls is waited for
      // until the function is killed.
      socketTimeout: 2000,
    },
  };
}

function key(orderId: string): Item {
  return { orderId: { S: orderId } };
}

function statuses(...names: Lowercase<StoredOrder["order"]["status"]>[]): Item {
  return Object.fromEntries(names.map((name) => [`:${name}`, { S: name.toUpperCase() }]));
}

function times(now: Date): Item {
  return { ":now": { N: String(now.getTime()) }, ":nowText": { S: now.toISOString() } };
}

function requiredEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}
