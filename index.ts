import {
  cancelOrderDeps,
  createOrderDeps,
  getOrderDeps,
  processOrderDeps,
  reconcileOrdersDeps,
} from "./handlers/aws/deps";
import { observed } from "./handlers/aws/telemetry";
import { makeCancelOrder } from "./handlers/cancel-order";
import { makeCreateOrder } from "./handlers/create-order";
import { makeGetOrder } from "./handlers/get-order";
import { makeProcessOrder } from "./handlers/process-order";
import { makeReconcileOrders } from "./handlers/reconcile-orders";
import { AccessLogs } from "./infra/access-logs";
import { Alarms } from "./infra/alarms";
import { OrderApi } from "./infra/api";
import { ApiKey } from "./infra/api-key";
import { MonthlyBudget } from "./infra/budget";
import { loadConfig } from "./infra/config";
import { Dashboard } from "./infra/dashboard";
import { encryptWith } from "./infra/encryption";
import { FunctionRole, type KeyUse } from "./infra/function-role";
import { LambdaFunction, namesOf } from "./infra/lambda-function";
import { LIFE_TIMES, RECONCILE_RATE } from "./infra/life-times";
import { OrderQueue } from "./infra/order-queue";
import { OrderTopic } from "./infra/order-topic";
import { OrdersTable } from "./infra/orders-table";
import { allow } from "./infra/policies";
import { FunctionSchedule } from "./infra/schedule";

const config = loadConfig();
const { logRetentionDays, processing } = config;

// The roles come first: all that is encrypted with a key waits for their grants on it.
const { kmsKeyArn } = config;
const readAndWrite: KeyUse = { kmsKeyArn, actions: ["kms:Decrypt", "kms:GenerateDataKey"] };
const roles = {
  createOrder: new FunctionRole("create-order", readAndWrite),
  getOrder: new FunctionRole("get-order", { kmsKeyArn, actions: ["kms:Decrypt"] }),
  cancelOrder: new FunctionRole("cancel-order", readAndWrite),
  processOrder: new FunctionRole("process-order", readAndWrite),
  reconcileOrders: new FunctionRole("reconcile-orders", readAndWrite),
};
const encryption = encryptWith(kmsKeyArn, Object.values(roles));

const { table, indexArn } = new OrdersTable("orders", {
  limits: config.table,
  encryption,
  protect: config.protectData,
});

const { queue, deadLetterQueue } = new OrderQueue("orders", {
  functionTimeoutSeconds: processing.timeoutSeconds,
  encryption,
  protect: config.protectData,
});

const { topic } = new OrderTopic("order-events", {
  encryption,
  subscriptions: config.subscriptions,
});

// Below API Gateway's 29 seconds: the client gets our response, not the gateway's.
const API_TIMEOUT_SECONDS = 25;

// POST /orders: validate, store as RECEIVED and open, send a message about it.
const createOrder = new LambdaFunction("create-order", {
  callbackFactory: () => observed((telemetry) => makeCreateOrder(createOrderDeps(telemetry))),
  role: roles.createOrder,
  environment: {
    TABLE_NAME: table.name,
    QUEUE_URL: queue.url,
    FIRST_CHECK_SECONDS: String(LIFE_TIMES.firstCheckSeconds),
  },
  allow: [allow(["dynamodb:PutItem"], table.arn), allow(["sqs:SendMessage"], queue.arn)],
  timeoutSeconds: API_TIMEOUT_SECONDS,
  logRetentionDays,
});

// GET /orders/{orderId}, and what became of it: GET /orders/{orderId}/history
const getOrder = new LambdaFunction("get-order", {
  callbackFactory: () => observed((telemetry) => makeGetOrder(getOrderDeps(telemetry))),
  role: roles.getOrder,
  environment: { TABLE_NAME: table.name },
  allow: [allow(["dynamodb:GetItem"], table.arn)],
  timeoutSeconds: API_TIMEOUT_SECONDS,
  logRetentionDays,
});

// DELETE /orders/{orderId}: at once if nobody works on it, else as soon as nobody does.
const cancelOrder = new LambdaFunction("cancel-order", {
  callbackFactory: () => observed((telemetry) => makeCancelOrder(cancelOrderDeps(telemetry))),
  role: roles.cancelOrder,
  environment: {
    TABLE_NAME: table.name,
    QUEUE_URL: queue.url,
    FIRST_CHECK_SECONDS: String(LIFE_TIMES.firstCheckSeconds),
  },
  allow: [allow(["dynamodb:UpdateItem"], table.arn), allow(["sqs:SendMessage"], queue.arn)],
  timeoutSeconds: API_TIMEOUT_SECONDS,
  logRetentionDays,
});

const accessLogs = config.accessLogs ? new AccessLogs("orders", { logRetentionDays }) : undefined;
const api = new OrderApi("orders", {
  routes: [
    { method: "POST", path: "/orders", function: createOrder.function },
    { method: "GET", path: "/orders/{orderId}", function: getOrder.function },
    { method: "GET", path: "/orders/{orderId}/history", function: getOrder.function },
    { method: "DELETE", path: "/orders/{orderId}", function: cancelOrder.function },
  ],
  requireApiKey: config.requireApiKey,
  throttle: config.throttle,
  accessLogs,
});
const key = config.requireApiKey
  ? new ApiKey("orders", { api, usagePlan: config.usagePlan })
  : undefined;

// Messages about orders: claim, the business step, its end, notify.
const processOrder = new LambdaFunction("process-order", {
  callbackFactory: () => observed((telemetry) => makeProcessOrder(processOrderDeps(telemetry))),
  role: roles.processOrder,
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
  ],
  poll: {
    queue,
    batchSize: processing.batchSize,
    maximumConcurrency: processing.maximumConcurrency,
  },
  timeoutSeconds: processing.timeoutSeconds,
  logRetentionDays,
});

// Each minute: open orders that nobody has looked at in time get a message again.
const reconcileOrders = new LambdaFunction("reconcile-orders", {
  callbackFactory: () =>
    observed((telemetry) => makeReconcileOrders(reconcileOrdersDeps(telemetry))),
  role: roles.reconcileOrders,
  environment: {
    TABLE_NAME: table.name,
    QUEUE_URL: queue.url,
    MAXIMUM_CONCURRENCY: String(processing.maximumConcurrency),
    NEXT_CHECK_SECONDS: String(LIFE_TIMES.nextCheckSeconds),
  },
  allow: [
    allow(["dynamodb:Query"], indexArn),
    allow(["dynamodb:UpdateItem"], table.arn),
    allow(["sqs:SendMessage", "sqs:GetQueueAttributes"], queue.arn),
  ],
  // A run stops by itself after 45 seconds.
  timeoutSeconds: 60,
  logRetentionDays,
});
const { schedule } = new FunctionSchedule("reconcile-orders", {
  rate: RECONCILE_RATE,
  function: reconcileOrders.function,
});

// Whoever operates the stack sees it here, and is woken by its alarms.
const functions = {
  "create-order": createOrder,
  "get-order": getOrder,
  "cancel-order": cancelOrder,
  "process-order": processOrder,
  "reconcile-orders": reconcileOrders,
};
const watched = { functions, queue, deadLetterQueue, table, topic, api, accessLogs };
const { monthlyUsd } = config.budget;
const alarms = config.alarms.enabled
  ? new Alarms("orders", { watched, config: config.alarms, hasBudget: monthlyUsd > 0 })
  : undefined;
new Dashboard("orders", { watched, alarmArns: alarms?.arns ?? [] });
if (alarms && monthlyUsd > 0) {
  new MonthlyBudget("account", { usd: monthlyUsd, alarmTopic: alarms.topic });
}

export const apiUrl = api.url;
export const apiKey = key?.value;
export const tableName = table.name;
export const queueUrl = queue.url;
export const deadLetterQueueUrl = deadLetterQueue.url;
export const topicArn = topic.arn;
export const functionNames = namesOf(functions, (each) => each.function);
export const logGroupNames = namesOf(functions, (each) => each.logGroup);
export const scheduleName = schedule.name;
export const alarmTopicArn = alarms?.topic.topic.arn;
