import { deny, deploy, type End, failCalls, flood, orderWith, restart } from "./causes";
import type { Scene, SceneOptions } from "./stack";

/** Something that happens to a stack, from its cause to its cure. */
export interface Incident {
  name: string;
  /** What happens, in one sentence. */
  cause: string;
  /** The alarm that has to fire, without the stack's prefix. */
  alarm: string;
  /** The sections of the runbook that the operator follows; that of the alarm by default. */
  sections?: string[];
  /** What ends the cause, where it is not `pulumi up` as the runbook has it. */
  cure?: string;
  options?: SceneOptions;
  /** Makes it happen. Gives what ends it. */
  begin(scene: Scene): Promise<End> | End;
}

/** A queue of the stack's account that another team owns. */
const PARTNER = "arn:aws:sqs:eu-west-1:000000000000:partner";

export const INCIDENTS: Incident[] = [
  {
    name: "provider-down",
    cause: "the business step's dependency is down for longer than all attempts of an order",
    alarm: "attempts-failing",
    sections: ["attempts-failing", "orders-failed"],
    cure: "the dependency is back",
    begin({ provider }) {
      provider.isDown = true;
      return () => void (provider.isDown = false);
    },
  },
  {
    name: "poison-order",
    cause: "the business step throws at one order, at every attempt",
    alarm: "orders-failed",
    cure: "the step is mended and deployed",
    async begin({ laptop, provider }) {
      await laptop.accepted(orderWith({ provider: provider.poison }));
      return () => void (provider.isPoisonMended = true);
    },
  },
  {
    name: "undo-failed",
    cause: "the business step rejects an order, and its undo throws",
    alarm: "undo-failed",
    cure: "a person gives back what the step took",
    async begin({ laptop, provider }) {
      await laptop.accepted(orderWith({ provider: provider.url, rejected: "sold out" }));
      return () => undefined;
    },
  },
  {
    name: "foreign-message",
    cause: "somebody sends a message that is not about an order to the queue of orders",
    alarm: "unrecognised-messages",
    cure: "the message is parked with the dead letters",
    async begin({ laptop }) {
      await laptop.send("queueUrl", '{"invoice":4711}');
      return () => undefined;
    },
  },
  {
    name: "table-throttled",
    cause: "DynamoDB throttles every call",
    alarm: "table-throttles",
    cure: "DynamoDB has adapted to the load",
    begin: (scene) => failCalls(scene, "dynamodb", "throttled"),
  },
  {
    name: "table-down",
    cause: "DynamoDB fails at every call",
    alarm: "table-errors",
    cure: "AWS has mended DynamoDB",
    begin: (scene) => failCalls(scene, "dynamodb", "server-error"),
  },
  {
    name: "table-hangs",
    cause: "DynamoDB does not answer",
    alarm: "api-slow",
    cure: "AWS has mended DynamoDB",
    options: { config: { alarms: { apiLatencyMilliseconds: 1500 } } },
    begin: (scene) => failCalls(scene, "dynamodb", "delayed"),
  },
  {
    name: "queue-cut-off",
    cause: "SQS cannot be reached",
    alarm: "oldest-order",
    cure: "AWS has mended SQS",
    begin: (scene) => failCalls(scene, "sqs", "connection-reset"),
  },
  {
    name: "polling-denied",
    cause: "the permission to receive messages is taken away from process-order",
    alarm: "queue-age",
    options: { config: { alarms: { queueAgeSeconds: 5 } } },
    begin: (scene) => deny(scene, "process-order", "sqs:ReceiveMessage"),
  },
  {
    name: "storing-denied",
    cause: "the permission to store orders is taken away from create-order",
    alarm: "api-errors",
    begin: (scene) => deny(scene, "create-order", "dynamodb:PutItem"),
  },
  {
    name: "publishing-denied",
    cause: "the permission to publish is taken away from process-order",
    alarm: "notifications-failed",
    begin: (scene) => deny(scene, "process-order", "sns:Publish"),
  },
  {
    name: "subscriber-closed",
    cause: "a subscribed queue does not let the topic send to it",
    alarm: "deliveries-failed",
    cure: "the subscriber's owner lets the topic send again",
    options: {
      config: { subscriptions: [{ protocol: "sqs", endpoint: PARTNER }] },
    },
    begin({ laptop }) {
      const { resourcePolicies } = laptop.iam;
      return () =>
        void resourcePolicies.set(PARTNER, [
          { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" },
        ]);
    },
  },
  {
    name: "step-slow",
    cause: "the business step takes nearly as long as its function may",
    alarm: "process-order-slow",
    sections: ["function-slow"],
    cure: "the dependency is as fast as before",
    options: { config: { processing: { timeoutSeconds: 5, maxAttempts: 3 } } },
    begin({ provider }) {
      provider.delayMilliseconds = 4200;
      return () => void (provider.delayMilliseconds = 0);
    },
  },
  {
    name: "broken-deploy",
    cause: "a deploy brings a process-order that fails while it is loaded",
    alarm: "process-order-errors",
    sections: ["function-errors"],
    begin: ({ laptop }) => deploy(laptop, "process-order", 'throw new Error("bad deploy");'),
  },
  {
    name: "flood",
    cause: "more requests come at once than the account's functions may run",
    alarm: "create-order-throttles",
    sections: ["function-throttles"],
    cure: "the flood is over",
    options: { config: { throttle: { rateLimit: 10_000, burstLimit: 5_000 } } },
    begin: flood,
  },
  {
    name: "client-too-fast",
    cause: "a client sends more than the throttle lets through",
    alarm: "requests-throttled",
    cure: "the client keeps to the limit",
    options: { config: { accessLogs: true, throttle: { rateLimit: 1, burstLimit: 1 } } },
    begin: () => () => undefined,
  },
  {
    name: "issuer-down",
    cause:
      "the issuer of the callers' tokens is down, and functions start that have no keys of it yet",
    alarm: "authorizer-failing",
    cure: "the issuer is back",
    options: { isClosed: true },
    async begin({ laptop, issuer }) {
      issuer.isDown = true;
      await restart(laptop, "authorize-caller");
      return () => void (issuer.isDown = false);
    },
  },
  {
    name: "reconciler-disabled",
    cause: "somebody disables the reconciler's schedule",
    alarm: "reconciler-stopped",
    begin({ laptop }) {
      const schedule = laptop.schedules.get("default/reconcile-orders");
      if (!schedule) throw new Error("there is no schedule of the reconciler");
      schedule.State = "DISABLED";
      return () => void (schedule.State = "ENABLED");
    },
  },
];
