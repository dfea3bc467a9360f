import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { CancelOrderDeps } from "../cancel-order";
import type { CreateOrderDeps } from "../create-order";
import { abandonOrder, fulfilOrder } from "../fulfil-order";
import type { GetOrderDeps } from "../get-order";
import type { LifePolicy } from "../life";
import { type Notification, sentenceOf, subjectOf } from "../notification";
import { orderMessage } from "../order-message";
import type { ProcessOrderDeps } from "../process-order";
import type { ReconcileOrdersDeps } from "../reconcile-orders";
import type { Telemetry } from "../telemetry";
import { clientConfig } from "./clients";
import { enqueueOrders } from "./enqueue-orders";
import { env, numberInEnv } from "./env";
import { makeOrdersTable } from "./orders-table";
import { isRetryable } from "./retryable";

type ClientConfig = ReturnType<typeof clientConfig>;

export function createOrderDeps(telemetry: Telemetry): CreateOrderDeps {
  const config = clientConfig(numberInEnv("TIMEOUT_SECONDS"));
  return {
    ...telemetry,
    acceptOrder: ordersTable(config).acceptOrder,
    enqueueOrder: orderSender(config),
    firstCheckSeconds: numberInEnv("FIRST_CHECK_SECONDS"),
    isRetryable,
    now: () => new Date(),
    newOrderId: () => randomUUID(),
  };
}

export function cancelOrderDeps(telemetry: Telemetry): CancelOrderDeps {
  const config = clientConfig(numberInEnv("TIMEOUT_SECONDS"));
  const { cancelNewOrder, requestCancellation } = ordersTable(config);
  return {
    ...telemetry,
    cancelNewOrder,
    requestCancellation,
    enqueueOrder: orderSender(config),
    firstCheckSeconds: numberInEnv("FIRST_CHECK_SECONDS"),
    isRetryable,
    now: () => new Date(),
  };
}

export function getOrderDeps(telemetry: Telemetry): GetOrderDeps {
  const table = ordersTable(clientConfig(numberInEnv("TIMEOUT_SECONDS")));
  return { ...telemetry, readOrder: table.readOrder, isRetryable };
}

export function processOrderDeps(telemetry: Telemetry): ProcessOrderDeps {
  const config = clientConfig(numberInEnv("TIMEOUT_SECONDS"));
  const table = ordersTable(config);
  const sqs = new SQSClient(config);
  const QueueUrl = env("QUEUE_URL");
  return {
    ...telemetry,
    ...table,
    async hideMessage(ReceiptHandle, VisibilityTimeout) {
      const change = { QueueUrl, ReceiptHandle, VisibilityTimeout };
      await sqs.send(new ChangeMessageVisibilityCommand(change));
    },
    fulfilOrder,
    abandonOrder,
    notifyCustomer: customerNotifier(config),
    policy: lifePolicy(),
    now: () => new Date(),
    random: () => Math.random(),
  };
}

export function reconcileOrdersDeps(telemetry: Telemetry): ReconcileOrdersDeps {
  const config = clientConfig(numberInEnv("TIMEOUT_SECONDS"));
  const table = ordersTable(config);
  const sqs = new SQSClient(config);
  const QueueUrl = env("QUEUE_URL");
  return {
    ...telemetry,
    dueOrders: table.dueOrders,
    async postponeCheck(due, checkAt) {
      return (await table.postponeCheck(due, checkAt)).ok;
    },
    enqueueOrders: (orderIds) => enqueueOrders(sqs, QueueUrl, orderIds),
    async waitingMessages() {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ["ApproximateNumberOfMessages"],
        }),
      );
      const waiting = Number(Attributes?.ApproximateNumberOfMessages);
      if (!Number.isInteger(waiting)) throw new Error("the queue's length is missing");
      return waiting;
    },
    maximumConcurrency: numberInEnv("MAXIMUM_CONCURRENCY"),
    nextCheckSeconds: numberInEnv("NEXT_CHECK_SECONDS"),
    now: () => new Date(),
  };
}

function ordersTable(config: ClientConfig) {
  return makeOrdersTable(new DynamoDBClient(config), env("TABLE_NAME"), () => randomUUID());
}

function orderSender(config: ClientConfig): (orderId: string) => Promise<void> {
  const sqs = new SQSClient(config);
  const QueueUrl = env("QUEUE_URL");
  return async (orderId) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: orderMessage(orderId) }));
  };
}

function customerNotifier(config: ClientConfig): (notification: Notification) => Promise<void> {
  const sns = new SNSClient(config);
  const TopicArn = env("TOPIC_ARN");
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

function lifePolicy(): LifePolicy {
  return {
    maxAttempts: numberInEnv("MAX_ATTEMPTS"),
    timeoutSeconds: numberInEnv("TIMEOUT_SECONDS"),
    backoffSeconds: numberInEnv("BACKOFF_SECONDS"),
    maxBackoffSeconds: numberInEnv("MAX_BACKOFF_SECONDS"),
    firstCheckSeconds: numberInEnv("FIRST_CHECK_SECONDS"),
    nextCheckSeconds: numberInEnv("NEXT_CHECK_SECONDS"),
  };
}
