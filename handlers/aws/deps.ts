import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { AuthorizeCallerDeps } from "../authorize-caller";
import type { CallerDeps } from "../caller";
import type { CancelOrderDeps } from "../cancel-order";
import type { CreateOrderDeps } from "../create-order";
import { fetchJwks } from "../fetch-jwks";
import { abandonOrder, fulfilOrder } from "../fulfil-order";
import type { GetOrderDeps } from "../get-order";
import type { LifePolicy } from "../life";
import type { ListOrdersDeps } from "../list-orders";
import { orderMessage } from "../order-message";
import type { ProcessOrderDeps } from "../process-order";
import type { ReconcileOrdersDeps } from "../reconcile-orders";
import { makeSigningKeys } from "../signing-keys";
import type { Telemetry } from "../telemetry";
import { isLanguage, type Language, LANGUAGES } from "../texts/language";
import { makeVerifyToken } from "../verify-token";
import { clientConfig } from "./clients";
import { enqueueOrders } from "./enqueue-orders";
import { env, numberInEnv } from "./env";
import { makeNotifyCustomer } from "./notify-customer";
import { makeOrdersTable } from "./orders-table";
import { makeReadOrders } from "./read-orders";
import { isRetryable } from "./retryable";

type ClientConfig = ReturnType<typeof clientConfig>;

export function createOrderDeps(telemetry: Telemetry): CreateOrderDeps {
  const config = clientConfig(numberInEnv("TIMEOUT_SECONDS"));
  return {
    ...telemetry,
    ...callerDeps(),
    acceptOrder: ordersTable(config).acceptOrder,
    enqueueOrder: orderSender(config),
    firstCheckSeconds: numberInEnv("FIRST_CHECK_SECONDS"),
    newOrderId: () => randomUUID(),
  };
}

export function cancelOrderDeps(telemetry: Telemetry): CancelOrderDeps {
  const config = clientConfig(numberInEnv("TIMEOUT_SECONDS"));
  const { cancelNewOrder, requestCancellation } = ordersTable(config);
  return {
    ...telemetry,
    ...callerDeps(),
    cancelNewOrder,
    requestCancellation,
    enqueueOrder: orderSender(config),
    firstCheckSeconds: numberInEnv("FIRST_CHECK_SECONDS"),
  };
}

export function listOrdersDeps(telemetry: Telemetry): ListOrdersDeps {
  const client = new DynamoDBClient(clientConfig(numberInEnv("TIMEOUT_SECONDS")));
  const readOrders = makeReadOrders(client, env("TABLE_NAME"));
  return { ...telemetry, ...callerDeps(), readOrders };
}

/** Names no service of AWS, and needs no permission. */
export function authorizeCallerDeps(telemetry: Telemetry): AuthorizeCallerDeps {
  const now = () => new Date();
  const uri = env("JWKS_URI");
  const keys = makeSigningKeys({ ...telemetry, fetchKeys: () => fetchJwks(uri), now });
  return {
    ...telemetry,
    verifyToken: makeVerifyToken({ issuer: env("ISSUER"), audience: env("AUDIENCE"), keys }),
    claims: {
      customerClaim: env("CUSTOMER_CLAIM"),
      staffClaim: env("STAFF_CLAIM"),
      staffValue: process.env["STAFF_VALUE"] ?? "",
    },
  };
}

export function getOrderDeps(telemetry: Telemetry): GetOrderDeps {
  const table = ordersTable(clientConfig(numberInEnv("TIMEOUT_SECONDS")));
  return { ...telemetry, ...callerDeps(), readOrder: table.readOrder };
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
    notifyCustomer: makeNotifyCustomer(new SNSClient(config), env("TOPIC_ARN"), language()),
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

function callerDeps(): Omit<CallerDeps, "log"> {
  const access = env("ACCESS");
  if (access !== "open" && access !== "token") throw new Error("ACCESS is neither open nor token");
  return { access, isRetryable, now: () => new Date() };
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

function language(): Language {
  const name = env("NOTIFICATION_LANGUAGE");
  if (isLanguage(name)) return name;
  throw new Error(`NOTIFICATION_LANGUAGE is none of ${LANGUAGES.join(", ")}`);
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
