import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import {
  createOrderDeps,
  getOrderDeps,
  processOrderDeps,
  reconcileOrdersDeps,
} from "./handlers/aws/deps";
import { SHELVES } from "./handlers/aws/stored-order";
import { makeCreateOrder } from "./handlers/create-order";
import { makeGetOrder } from "./handlers/get-order";
import { makeProcessOrder } from "./handlers/process-order";
import { makeReconcileOrders } from "./handlers/reconcile-orders";
import { makeApiKey } from "./infra/api-key";
import { loadConfig } from "./infra/config";
import { encryption } from "./infra/encryption";
import { LambdaFunction } from "./infra/lambda-function";
import { gatewayResponses } from "./infra/gateway-responses";
import { LIFE_TIMES, RECONCILE_RATE } from "./infra/life-times";
import { makeOrderQueue } from "./infra/order-queue";
import { allow, closeTopic, consume } from "./infra/policies";
import { invokeAtRate } from "./infra/schedule";

const { throttle, requireApiKey, usagePlan, ...config } = loadConfig();
const { logRetentionDays, protectData, kmsKeyArn, subscriptions, processing } = config;

const protectedData = { protect: protectData };
const encrypted = encryption(kmsKeyArn);

// Where orders live. Only open and FAILED orders have a shelf, so the index holds only those.
const table = new aws.dynamodb.Table(
  "orders",
  {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "orderId",
    attributes: [
      { name: "orderId", type: "S" },
      { name: SHELVES.partition, type: "S" },
      { name: SHELVES.sort, type: "N" },
    ],
    globalSecondaryIndexes: [
      {
        name: SHELVES.index,
        hashKey: SHELVES.partition,
        rangeKey: SHELVES.sort,
        projectionType: "INCLUDE",
        nonKeyAttributes: SHELVES.projected,
      },
    ],
    pointInTimeRecovery: { enabled: true },
    ...encrypted.table,
    deletionProtectionEnabled: protectData,
  },
  protectedData,
);

const { queue, deadLetterQueue } = makeOrderQueue(
  processing.timeoutSeconds,
  encrypted,
  protectedData,
);

const topic = new aws.sns.Topic("order-events", encrypted.topic);
closeTopic("order-events", topic);

// POST /orders: validate, store as RECEIVED and open, send a message about it.
const createOrder = new LambdaFunction("create-order", {
  callbackFactory: () => makeCreateOrder(createOrderDeps()),
  environment: {
    TABLE_NAME: table.name,
    QUEUE_URL: queue.url,
    FIRST_CHECK_SECONDS: String(LIFE_TIMES.firstCheckSeconds),
  },
  allow: [
    allow(["dynamodb:PutItem"], table.arn),
    allow(["sqs:SendMessage"], queue.arn),
    ...encrypted.use("kms:Decrypt", "kms:GenerateDataKey"),
  ],
  // Below API Gateway's 29 seconds: the client gets our answer, not the gateway's.
  timeoutSeconds: 25,
  logRetentionDays,
});

// GET /orders/{orderId}
const getOrder = new LambdaFunction("get-order", {
  callbackFactory: () => makeGetOrder(getOrderDeps()),
  environment: { TABLE_NAME: table.name },
  allow: [allow(["dynamodb:GetItem"], table.arn), ...encrypted.use("kms:Decrypt")],
  timeoutSeconds: 25,
  logRetentionDays,
});

const stage = pulumi.getStack().replaceAll(/[^A-Za-z0-9_-]/g, "-");
const api = new awsx.classic.apigateway.API("orders", {
  stageName: stage,
  routes: [
    {
      path: "/orders",
      method: "POST",
      eventHandler: createOrder.function,
      apiKeyRequired: requireApiKey,
    },
    {
      path: "/orders/{orderId}",
      method: "GET",
      eventHandler: getOrder.function,
      apiKeyRequired: requireApiKey,
    },
  ],
  gatewayResponses: gatewayResponses(),
  restApiArgs: {
    endpointConfiguration: { types: "REGIONAL" },
    // awsx's own default, every type, would turn each JSON body into base64.
    binaryMediaTypes: ["application/octet-stream"],
  },
  stageArgs: { xrayTracingEnabled: true },
});

new aws.apigateway.MethodSettings("orders", {
  restApi: api.restAPI,
  stageName: api.stage.stageName,
  methodPath: "*/*",
  settings: { throttlingRateLimit: throttle.rateLimit, throttlingBurstLimit: throttle.burstLimit },
});

// Messages about orders: claim, the business step, its end, notify.
const processOrder = new LambdaFunction("process-order", {
  callbackFactory: () => makeProcessOrder(processOrderDeps()),
  environment: {
    TABLE_NAME: table.name,
    QUEUE_URL: queue.url,
    TOPIC_ARN: topic.arn,
    MAX_ATTEMPTS: String(processing.maxAttempts),
    BACKOFF_SECONDS: String(LIFE_TIMES.backoffSeconds),
    MAX_BACKOFF_SECONDS: String(LIFE_TIMES.maxBackoffSeconds),
    FIRST_CHECK_SECONDS: String(LIFE_TIMES.firstCheckSeconds),
    NEXT_CHECK_SECONDS: String(LIFE_TIMES.nextCheckSeconds),
  },
  allow: [
    allow(["dynamodb:UpdateItem", "dynamodb:GetItem"], table.arn),
    allow(["sns:Publish"], topic.arn),
    consume(queue),
    ...encrypted.use("kms:Decrypt", "kms:GenerateDataKey"),
  ],
  timeoutSeconds: processing.timeoutSeconds,
  logRetentionDays,
});

new aws.lambda.EventSourceMapping("process-order", {
  eventSourceArn: queue.arn,
  functionName: processOrder.function.arn,
  batchSize: processing.batchSize,
  scalingConfig: { maximumConcurrency: processing.maximumConcurrency },
  // Without this Lambda ignores the failures that a handler reports, and deletes their messages.
  functionResponseTypes: ["ReportBatchItemFailures"],
});

// Each minute: open orders that nobody has looked at in time get a message again.
const reconcileOrders = new LambdaFunction("reconcile-orders", {
  callbackFactory: () => makeReconcileOrders(reconcileOrdersDeps()),
  environment: {
    TABLE_NAME: table.name,
    QUEUE_URL: queue.url,
    MAXIMUM_CONCURRENCY: String(processing.maximumConcurrency),
    NEXT_CHECK_SECONDS: String(LIFE_TIMES.nextCheckSeconds),
  },
  allow: [
    allow(["dynamodb:Query"], pulumi.interpolate`${table.arn}/index/${SHELVES.index}`),
    allow(["dynamodb:UpdateItem"], table.arn),
    allow(["sqs:SendMessage", "sqs:GetQueueAttributes"], queue.arn),
    ...encrypted.use("kms:Decrypt", "kms:GenerateDataKey"),
  ],
  // A run stops by itself after 45 seconds.
  timeoutSeconds: 60,
  logRetentionDays,
});
invokeAtRate("reconcile-orders", RECONCILE_RATE, reconcileOrders.function);

for (const { protocol, endpoint, customerId, status } of subscriptions) {
  new aws.sns.TopicSubscription(`${protocol} ${endpoint}`, {
    topic: topic.arn,
    protocol,
    endpoint,
    ...((customerId ?? status) !== undefined && {
      filterPolicy: JSON.stringify({
        ...(customerId !== undefined && { customerId: [customerId] }),
        ...(status !== undefined && { status: [status] }),
      }),
    }),
  });
}

export const apiUrl = api.url;
// Tells callers apart and limits each; it does not say who may do what.
export const apiKey = requireApiKey
  ? makeApiKey("orders", { apiId: api.restAPI.id, stage: api.stage.stageName }, usagePlan)
  : undefined;
export const tableName = table.name;
export const queueUrl = queue.url;
export const deadLetterQueueUrl = deadLetterQueue.url;
export const topicArn = topic.arn;
