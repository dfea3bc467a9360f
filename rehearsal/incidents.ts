import type { Service } from "../laptop/aws-call";
import type { FaultKind, FaultPlan } from "../laptop/endpoint/fault-injection";
import type { Scene } from "./stack";

/** Something that happens to a stack, from its cause to its cure. */
export interface Incident {
  name: string;
  /** What happens, in one sentence. */
  cause: string;
  /** The alarm that has to fire, without the stack's prefix. */
  alarm: string;
  /** The section of the runbook that it leads to. */
  section: string;
  /** Makes it happen. Gives what ends it where no command does: time, another team, or `pulumi up`. */
  begin(scene: Scene): Promise<End> | End;
}

export type End = () => Promise<void> | void;

export const INCIDENTS: Incident[] = [
  {
    name: "provider-down",
    cause: "the business step's dependency is down for longer than all attempts of an order",
    alarm: "attempts-failing",
    section: "attempts-failing",
    begin({ provider }) {
      provider.isDown = true;
      return () => void (provider.isDown = false);
    },
  },
  {
    name: "poison-order",
    cause: "the business step throws at an order, at every attempt",
    alarm: "orders-failed",
    section: "orders-failed",
    async begin({ laptop, provider }) {
      const metadata = { provider: provider.poison };
      await laptop.accepted({ customerId: "rehearsal", items: [{ sku: "a" }], metadata });
      return () => void (provider.isPoisonMended = true);
    },
  },
  {
    name: "foreign-message",
    cause: "somebody sends a message that is not about an order to the queue of orders",
    alarm: "unrecognised-messages",
    section: "unrecognised-messages",
    async begin({ laptop }) {
      await laptop.send("queueUrl", '{"invoice":4711}');
      return () => undefined;
    },
  },
  {
    name: "table-throttled",
    cause: "DynamoDB throttles every call",
    alarm: "table-throttles",
    section: "table-throttles",
    begin: (scene) => failCalls(scene, "dynamodb", "throttled"),
  },
  {
    name: "queue-cut-off",
    cause: "SQS cannot be reached",
    alarm: "oldest-order",
    section: "oldest-order",
    begin: (scene) => failCalls(scene, "sqs", "connection-reset"),
  },
  {
    name: "publishing-denied",
    cause: "the permission to publish is taken away from process-order",
    alarm: "notifications-failed",
    section: "notifications-failed",
    begin({ laptop }) {
      const role = laptop.iam.rolesByCaller.get("process-order");
      const policy = role?.policies.get("process-order");
      if (!role || !policy) throw new Error("process-order has no policy of its own");
      const withoutPublish = policy.filter((each) => !JSON.stringify(each).includes("sns:Publish"));
      role.policies.set("process-order", withoutPublish);
      return () => void role.policies.set("process-order", policy);
    },
  },
  {
    name: "broken-deploy",
    cause: "a deploy brings a process-order that fails while it is loaded",
    alarm: "process-order-errors",
    section: "function-errors",
    begin: ({ laptop }) => deploy(laptop, "process-order", 'throw new Error("bad deploy");'),
  },
  {
    name: "reconciler-disabled",
    cause: "somebody disables the reconciler's schedule",
    alarm: "reconciler-stopped",
    section: "reconciler-stopped",
    begin({ laptop }) {
      const schedule = laptop.schedules.get("default/reconcile-orders");
      if (!schedule) throw new Error("there is no schedule of the reconciler");
      schedule.State = "DISABLED";
      return () => void (schedule.State = "ENABLED");
    },
  },
];

function failCalls(scene: Scene, service: Service, kind: FaultKind): End {
  const failing: FaultPlan = (call) => (call.service === service ? kind : undefined);
  scene.failCalls(failing);
  return () => scene.failCalls(() => undefined);
}

async function deploy({ functions }: Scene["laptop"], name: string, code: string): Promise<End> {
  const target = [...functions.byArn.values()].find((each) => each.name === name);
  if (!target) throw new Error(`there is no function ${name}`);
  const deployed = await target.updateCode({ "__index.js": code });
  return async () => void (await target.updateCode(deployed));
}
