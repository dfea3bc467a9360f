import { makeAuthorizeCaller } from "./handlers/authorize-caller";
import {
  authorizeCallerDeps,
  cancelOrderDeps,
  createOrderDeps,
  getOrderDeps,
  listOrdersDeps,
  processOrderDeps,
  reconcileOrdersDeps,
} from "./handlers/aws/deps";
import { observed } from "./handlers/aws/telemetry";
import type { Access } from "./handlers/caller";
import { makeCancelOrder } from "./handlers/cancel-order";
import { makeCreateOrder } from "./handlers/create-order";
import { makeGetOrder } from "./handlers/get-order";
import { makeListOrders } from "./handlers/list-orders";
import { makeProcessOrder } from "./handlers/process-order";
import { makeReconcileOrders } from "./handlers/reconcile-orders";
import { AccessLogs } from "./infra/access-logs";
import { OrderApi } from "./infra/api";
import { ApiKey } from "./infra/api-key";
import { authorizerVariables, isClosed, warnOfOpenApi } from "./infra/auth-config";
import { loadConfig } from "./infra/config";
import { encryptWith } from "./infra/encryption";
import { FunctionRole, type KeyUse } from "./infra/function-role";
import { LambdaFunction, namesOf } from "./infra/lambda-function";
import { LIFE_TIMES, RECONCILE_RATE } from "./infra/life-times";
import { monitor } from "./infra/monitoring";
import { OrderQueue } from "./infra/order-queue";
import { OrderTopic } from "./infra/order-topic";
import { OrdersTable } from "./infra/orders-table";
import { allow } from "./infra/policies";
import { FunctionSchedule } from "./infra/schedule";

const config = loadConfig();
const { logRetentionDays, processing } = config;
const closed = isClosed(config.auth);
if (!closed) warnOfOpenApi();

// The roles come first: all that is encrypted with a key waits for their grants on it.
const { kmsKeyArn } = config;
const readAndWrite: KeyUse = { kmsKeyArn, actions: ["kms:Decrypt", "kms:GenerateDataKey"] };
const roles = {
  createOrder: new FunctionRole("create-order", readAndWrite),
  getOrder: new FunctionRole("get-order", { kmsKeyArn, actions: ["kms:Decrypt"] }),
  cancelOrder: new FunctionRole("cancel-order", readAndWrite),
  processOrder: new FunctionRole("process-order", readAndWrite),
  reconcileOrders: new FunctionRole("reconcile-orders", readAndWrite),
  ...(closed && {
    listOrders: new FunctionRole("list-orders", { kmsKeyArn, actions: ["kms:Decrypt"] }),
  }),
};
const encryption = encryptWith(kmsKeyArn, Object.values(roles));

const { table, indexNames, shelvesArn, customersArn } = new OrdersTable("orders", {
  limits: config.table,
  encryption,
  protect: config.protectData,
  hasCustomers: closed,
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
const ofApi = { timeoutSeconds: 25, logRetentionDays };
// A function of the API does not start without it: none is open by mistake.
const ACCESS: Access = closed ? "token" : "open";
const ofOrders = { ACCESS, TABLE_NAME: table.name };
const FIRST_CHECK_SECONDS = String(LIFE_TIMES.firstCheckSeconds);

// Who is it that calls? Runs before the functions below, which decide what each caller may do.
const authorizeCaller = closed
  ? new LambdaFunction("authorize-caller", {
      callbackFactory: () =>
        observed((telemetry) => makeAuthorizeCaller(authorizeCallerDeps(telemetry))),
      role: new FunctionRole("authorize-caller"),
      environment: authorizerVariables(config.auth),
      allow: [],
      timeoutSeconds: 10,
      logRetentionDays,
    })
  : undefined;

// POST /orders: validate, store as RECEIVED and open, send a message about it.
const createOrder = new LambdaFunction("create-order", {
  callbackFactory: () => observed((telemetry) => makeCreateOrder(createOrderDeps(telemetry))),
  role: roles.createOrder,
  environment: { ...ofOrders, QUEUE_URL: queue.url, FIRST_CHECK_SECONDS },
  allow: [allow(["dynamodb:PutItem"], table.arn), allow(["sqs:SendMessage"], queue.arn)],
  ...ofApi,
});

// GET /orders/{orderId}, and what became of it: GET /orders/{orderId}/history
const getOrder = new LambdaFunction("get-order", {
  callbackFactory: () => observed((telemetry) => makeGetOrder(getOrderDeps(telemetry))),
  role: roles.getOrder,
  environment: ofOrders,
  allow: [allow(["dynamodb:GetItem"], table.arn)],
  ...ofApi,
});

// DELETE /orders/{orderId}: at once if nobody works on it, else as soon as nobody does.
const cancelOrder = new LambdaFunction("cancel-order", {
  callbackFactory: () => observed((telemetry) => makeCancelOrder(cancelOrderDeps(telemetry))),
  role: roles.cancelOrder,
  environment: { ...ofOrders, QUEUE_URL: queue.url, FIRST_CHECK_SECONDS },
  allow: [allow(["dynamodb:UpdateItem"], table.arn), allow(["sqs:SendMessage"], queue.arn)],
  ...ofApi,
});

// GET /orders: a customer's own, newest first. Where everyone may call there is no such thing.
const listOrders = roles.listOrders
  ? new LambdaFunction("list-orders", {
      callbackFactory: () => observed((telemetry) => makeListOrders(listOrdersDeps(telemetry))),
      role: roles.listOrders,
      environment: ofOrders,
      allow: [allow(["dynamodb:Query"], customersArn)],
      ...ofApi,
    })
  : undefined;

const accessLogs = config.accessLogs ? new AccessLogs("orders", { logRetentionDays }) : undefined;
const api = new OrderApi("orders", {
  routes: [
    { method: "POST", path: "/orders", function: createOrder.function },
    { method: "GET", path: "/orders/{orderId}", function: getOrder.function },
    { method: "GET", path: "/orders/{orderId}/history", function: getOrder.function },
    { method: "DELETE", path: "/orders/{orderId}", function: cancelOrder.function },
    ...(listOrders
      ? [{ method: "GET" as const, path: "/orders", function: listOrders.function }]
      : []),
  ],
  authorizer: authorizeCaller?.function,
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
    NOTIFICATION_LANGUAGE: config.notifications.language,
    MAX_ATTEMPTS: String(processing.maxAttempts),
    BACKOFF_SECONDS: String(LIFE_TIMES.backoffSeconds),
    MAX_BACKOFF_SECONDS: String(LIFE_TIMES.maxBackoffSeconds),
    FIRST_CHECK_SECONDS,
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
    allow(["dynamodb:Query"], shelvesArn),
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
  ...(authorizeCaller && { "authorize-caller": authorizeCaller }),
  ...(listOrders && { "list-orders": listOrders }),
};
const watched = { functions, queue, deadLetterQueue, table, indexNames, topic, api, accessLogs };

export const apiUrl = api.url;
export const apiKey = key?.value;
export const auth = closed ? config.auth : undefined;
export const tableName = table.name;
export const queueUrl = queue.url;
export const deadLetterQueueUrl = deadLetterQueue.url;
export const topicArn = topic.arn;
export const functionNames = namesOf(functions, (each) => each.function);
export const logGroupNames = namesOf(functions, (each) => each.logGroup);
export const scheduleName = schedule.name;
export const alarmTopicArn = monitor(watched, config);
