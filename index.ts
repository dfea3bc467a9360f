import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import {
  createOrderDeps,
  failOrderDeps,
  getOrderDeps,
  processOrderDeps,
  recordNotificationDeps,
} from "./handlers/aws";
import { makeCreateOrder } from "./handlers/create-order";
import { makeFailOrder } from "./handlers/fail-order";
import { makeGetOrder } from "./handlers/get-order";
import { FAILED_INDEX } from "./handlers/order-item";
import { makeProcessOrder } from "./handlers/process-order";
import { makeRecordNotification } from "./handlers/record-notification";
import { makeApiKey } from "./infra/api-key";
import { loadConfig, QUEUE_RETENTION_SECONDS, VISIBILITY_FACTOR } from "./infra/config";
import { encryption } from "./infra/encryption";
import { LambdaFunction } from "./infra/function";
import { gatewayResponses } from "./infra/gateway-responses";
import { acceptDeadLetters, allow, closeQueue, closeTopic, consume } from "./infra/policies";

const { throttle, requireApiKey, usagePlan, ...config } = loadConfig();
const { logRetentionDays, protectData, kmsKeyArn, subscriptions, processing } = config;

const protectedData = { protect: protectData };
const encrypted = encryption(kmsKeyArn);
const DAY_SECONDS = 24 * 60 * 60;

// Where orders live. Only FAILED orders have the index's partition key, so it holds only those.
const table = new aws.dynamodb.Table(
  "orders",
  {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "orderId",
    attributes: [
      { name: "orderId", type: "S" },
      { name: FAILED_INDEX.partition, type: "S" },
      { name: FAILED_INDEX.sort, type: "S" },
    ],
    globalSecondaryIndexes: [
      {
        name: FAILED_INDEX.name,
        hashKey: FAILED_INDEX.partition,
        rangeKey: FAILED_INDEX.sort,
        projectionType: "INCLUDE",
        nonKeyAttributes: ["failureReason"],
      },
    ],
    pointInTimeRecovery: { enabled: true },
    ...encrypted.table,
    deletionProtectionEnabled: protectData,
  },
  protectedData,
);

const visibilityTimeoutSeconds = VISIBILITY_FACTOR * processing.timeoutSeconds;

// The end of the line: nothing consumes it, a person looks at what arrives here.
const unprocessable = new aws.sqs.Queue(
  "orders-unprocessable",
  { messageRetentionSeconds: 14 * DAY_SECONDS, ...encrypted.queue },
  protectedData,
);

// A message keeps its age when it is dead-lettered: it must be kept longer here than on the queue.
const deadLetterQueue = new aws.sqs.Queue(
  "orders-dead-letters",
  {
    messageRetentionSeconds: 14 * DAY_SECONDS,
    visibilityTimeoutSeconds,
    ...encrypted.queue,
    redrivePolicy: pulumi.jsonStringify({
      deadLetterTargetArn: unprocessable.arn,
      maxReceiveCount: 3,
    }),
  },
  protectedData,
);

const queue = new aws.sqs.Queue(
  "orders",
  {
    messageRetentionSeconds: QUEUE_RETENTION_SECONDS,
    visibilityTimeoutSeconds,
    ...encrypted.queue,
    redrivePolicy: pulumi.jsonStringify({
      deadLetterTargetArn: deadLetterQueue.arn,
      maxReceiveCount: processing.maxReceiveCount,
    }),
    redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
  },
  protectedData,
);

const topic = new aws.sns.Topic("order-events", encrypted.topic);

acceptDeadLetters("orders", { from: queue, into: deadLetterQueue });
acceptDeadLetters("orders-dead-letters", { from: deadLetterQueue, into: unprocessable });
closeQueue("orders", queue);
closeQueue("orders-dead-letters", deadLetterQueue);
closeQueue("orders-unprocessable", unprocessable);
closeTopic("order-events", topic);

// POST /orders: validate, store as RECEIVED, queue.
const createOrder = new LambdaFunction("create-order", {
  callbackFactory: () => makeCreateOrder(createOrderDeps()),
  environment: { TABLE_NAME: table.name, QUEUE_URL: queue.url },
  allow: [
    allow(["dynamodb:PutItem", "dynamodb:GetItem"], table.arn),
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

// Orders from the queue: PROCESSING, the business step, COMPLETED, notify.
const processOrder = new LambdaFunction("process-order", {
  callbackFactory: () => makeProcessOrder(processOrderDeps()),
  environment: {
    TABLE_NAME: table.name,
    TOPIC_ARN: topic.arn,
    TIMEOUT_SECONDS: String(processing.timeoutSeconds),
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

// Orders that could not be processed: FAILED, notify.
const failOrder = new LambdaFunction("fail-order", {
  callbackFactory: () => makeFailOrder(failOrderDeps()),
  environment: { TABLE_NAME: table.name, TOPIC_ARN: topic.arn },
  allow: [
    allow(["dynamodb:UpdateItem", "dynamodb:GetItem"], table.arn),
    allow(["sns:Publish"], topic.arn),
    consume(deadLetterQueue),
    ...encrypted.use("kms:Decrypt", "kms:GenerateDataKey"),
  ],
  timeoutSeconds: processing.timeoutSeconds,
  logRetentionDays,
});

new aws.lambda.EventSourceMapping("fail-order", {
  eventSourceArn: deadLetterQueue.arn,
  functionName: failOrder.function.arn,
  // One at a time: a neighbour that kills the function must not use up this one's deliveries.
  batchSize: 1,
  scalingConfig: { maximumConcurrency: 2 },
  functionResponseTypes: ["ReportBatchItemFailures"],
});

// What the topic has taken is stamped on the order as told.
const recordNotification = new LambdaFunction("record-notification", {
  callbackFactory: () => makeRecordNotification(recordNotificationDeps()),
  environment: { TABLE_NAME: table.name },
  allow: [
    allow(["dynamodb:UpdateItem", "dynamodb:GetItem"], table.arn),
    allow(["sqs:SendMessage"], unprocessable.arn),
    ...encrypted.use("kms:Decrypt", "kms:GenerateDataKey"),
  ],
  timeoutSeconds: 25,
  logRetentionDays,
  deadLetterQueue: unprocessable,
});

topic.onEvent("record-notification", recordNotification.function);

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
export const unprocessableQueueUrl = unprocessable.url;
export const topicArn = topic.arn;
