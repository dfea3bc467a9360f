import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { number, openShelf, orderAttributes, text } from "../../handlers/aws/stored-order";
import type { Order } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-message";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { overriding, scheduleAt, variablesOf } from "../../harness/overrides";
import { copyProject } from "../../harness/project-copy";
import type { Role } from "../../laptop/iam/authorizer";
import { startStack } from "../../laptop/stack";
import { anOrder, aRequest, isNotified } from "../support/orders";

const KEY = "arn:aws:kms:eu-west-1:000000000000:key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
const AUTH = {
  issuer: "https://issuer.example.com/",
  audience: "orders",
  staffValue: "orders:staff",
};
/** Logs and traces go nowhere on a laptop. */
const NAMED_EXCEPTIONS = [
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
];
/** Denied where nothing runs that could say so: they have tests of their own. */
const TESTED_APART = [
  "process-order sqs:GetQueueAttributes",
  "reconcile-orders-schedule lambda:InvokeFunction",
];

interface Grant {
  role: string;
  action: string;
  resource: string;
}

let laptop: Laptop;
let ended: Order;
let grants: Grant[];

beforeAll(async () => {
  laptop = await startLaptop({
    bearer: { isStaff: true },
    config: {
      "order-processing:auth": AUTH,
      "order-processing:kmsKeyArn": KEY,
      "order-processing:processing": { timeoutSeconds: 5 },
    },
    override: overriding(variablesOf("process-order", { BACKOFF_SECONDS: 1 }), scheduleAt(1)),
  });
  grants = [...laptop.iam.roles.values()].flatMap(grantsOf);
});
afterAll(() => laptop.stop());

function grantsOf({ name, policies }: Role): Grant[] {
  return [...policies.values()]
    .flat()
    .flatMap(({ Action, Resource }) =>
      [Action ?? []]
        .flat()
        .flatMap((action) =>
          [Resource ?? []].flat().map((resource) => ({ role: name, action, resource })),
        ),
    );
}

/** Puts an open order into the table that no message is on its way for; times in ms from now. */
async function stored(order: Partial<Order>, { lease = 0, check = 0 }): Promise<string> {
  const orderId = randomUUID();
  const now = Date.now();
  const Item = {
    ...orderAttributes(anOrder({ ...order, orderId })),
    fingerprint: text("fingerprint"),
    writeId: text("test"),
    redrives: number(0),
    attempt: number(1),
    tries: number(1),
    leaseUntil: number(now + lease),
    shelf: text(openShelf(orderId)),
    checkAt: number(now + check),
  };
  await laptop.dynamodb.send(new PutItemCommand({ TableName: laptop.output("tableName"), Item }));
  return orderId;
}

/** Sets something off on every path there is, around an order that has ended and been notified. */
async function takeEveryPath() {
  const key = { "Idempotency-Key": `key-${randomUUID()}` };
  const created = await laptop.post(aRequest, key);
  const replayed = await laptop.post(aRequest, key);
  const read = await laptop.fetch(`${laptop.output("apiUrl")}orders/${ended.orderId}`);
  const listed = await laptop.fetch(`${laptop.output("apiUrl")}orders?customerId=customer-1`);
  // Another worker has it: its message is hidden, comes back and starts with a read.
  const leased = await stored({ status: "PROCESSING" }, { lease: 1500, check: 600_000 });
  await laptop.send("queueUrl", orderMessage(leased));
  const overdue = await stored({ status: "PROCESSING" }, { check: -1000 });
  const idle = await stored({ status: "PROCESSING" }, { check: 600_000 });
  const cancelled = await laptop.fetch(`${laptop.output("apiUrl")}orders/${idle}`, {
    method: "DELETE",
  });
  return { created, replayed, read, listed, leased, overdue, idle, cancelled };
}

/** What was said since of a denied action, other than by whoever denied it. */
function consequencesOf({ role, action }: Grant, since: number): string[] {
  const texts = laptop.events.slice(since).flatMap((event) => {
    if (event.kind === "invocation") {
      const errors = event.log.filter(({ level }) => level === "ERROR");
      return [event.error ?? "", ...errors.map((entry) => JSON.stringify(entry))];
    }
    return event.kind === "warning" && /^(?:polling|the authorizer) /.test(event.text)
      ? event.text
      : [];
  });
  return texts.filter(
    (text) =>
      text.includes(`:assumed-role/${role}/`) &&
      text.includes(`not authorized to perform: ${action} `),
  );
}

async function without<T>({ role: name, action, resource }: Grant, work: () => Promise<T>) {
  const role = [...laptop.iam.roles.values()].find((each) => each.name === name);
  if (!role) throw new Error(`there is no role ${name}`);
  const before = new Map(role.policies);
  for (const [policyName, statements] of before) {
    const changed = statements.map((statement) =>
      statement.Resource === resource
        ? {
            ...statement,
            Action: [statement.Action ?? []].flat().filter((each) => each !== action),
          }
        : statement,
    );
    role.policies.set(policyName, changed);
  }
  try {
    return await work();
  } finally {
    for (const [policyName, statements] of before) role.policies.set(policyName, statements);
  }
}

describe("the roles' permissions", () => {
  it("are enough for every path, and each of them is used", async () => {
    const orderId = await laptop.accepted(aRequest);
    ended = await laptop.until(orderId, "notified", isNotified);
    const paths = await takeEveryPath();
    const { created, replayed, read, listed, leased, overdue, idle, cancelled } = paths;
    const responses = [created, replayed, read, listed, cancelled];
    expect(responses.map(({ status }) => status)).toEqual([202, 202, 200, 200, 202]);
    const { orderId: createdId } = (await created.json()) as Order;
    for (const each of [createdId, leased, overdue]) {
      expect(await laptop.until(each, "notified", isNotified)).toMatchObject({
        status: "COMPLETED",
      });
    }
    expect(await laptop.until(idle, "notified", isNotified)).toMatchObject({ status: "CANCELLED" });

    expect(laptop.events.filter(({ kind }) => kind === "warning")).toEqual([]);
    const used = [...laptop.iam.usedPermissions.values()];
    const isUsed = (grant: Grant) =>
      used.some((use) => JSON.stringify(use) === JSON.stringify(grant));
    const unused = grants.filter((grant) => !isUsed(grant));
    expect(unused.filter(({ action }) => !NAMED_EXCEPTIONS.includes(action))).toEqual([]);
    expect(new Set(unused.map(({ action }) => action))).toEqual(new Set(NAMED_EXCEPTIONS));
  });

  it("are each needed: without any of them a call is denied by name", async () => {
    const needed = grants.filter(
      ({ role, action }) =>
        !NAMED_EXCEPTIONS.includes(action) && !TESTED_APART.includes(`${role} ${action}`),
    );
    expect(needed).toHaveLength(27);
    const failWithout = async (grant: Grant) => {
      const since = laptop.events.length;
      const what = `${grant.role} to fail without ${grant.action} on ${grant.resource}`;
      await without(grant, async () => {
        await takeEveryPath();
        await eventually(what, () => consequencesOf(grant, since).length > 0);
      });
    };
    // By the authorizer's goes every request.
    const byAll = ({ role }: Grant) => role === "authorize-caller-invoker";
    for (const grant of needed.filter(byAll)) await failWithout(grant);
    // The others side by side: each role has a path that needs no other one.
    const roles = [...new Set(needed.filter((grant) => !byAll(grant)).map(({ role }) => role))];
    await Promise.all(
      roles.map(async (role) => {
        for (const grant of needed) if (grant.role === role) await failWithout(grant);
      }),
    );
  }, 180_000);

  it("let EventBridge Scheduler invoke reconcile-orders, without which overdue orders stay overdue", async () => {
    const grant = grants.find(({ role }) => role === "reconcile-orders-schedule");
    if (!grant) throw new Error("the schedule's role may do nothing");
    let overdue = "";
    await without(grant, async () => {
      const since = laptop.events.length;
      const denials = () =>
        laptop.events
          .slice(since)
          .filter((event) => event.kind === "warning" && event.text.includes(grant.action));
      // By then a run that began before has ended.
      await eventually("two runs to be denied", () => denials().length >= 2);
      overdue = await stored({ status: "PROCESSING" }, { check: -1000 });
      await eventually("two more runs to be denied", () => denials().length >= 4);
      expect((await laptop.get(overdue)).status).toBe("PROCESSING");
    });
    await laptop.until(overdue, "notified", isNotified);
  });

  it("let no function poll a queue without every action of polling", async () => {
    const file = "infra/lambda-function.ts";
    const source = readFileSync(join(__dirname, "..", "..", file), "utf8");
    const changed = source.replace('"sqs:GetQueueAttributes",', "");
    expect(changed).not.toBe(source);
    const copy = copyProject({ [file]: changed });
    await expect(startStack({ directory: copy.directory })).rejects.toThrow(
      /Lambda refuses the queue: .* not authorized to perform: sqs:GetQueueAttributes /,
    );
    copy.remove();
  });
});

describe("the functions' own policies", () => {
  const functionArn = (name: string) =>
    `arn:aws:lambda:${laptop.region}:000000000000:function:${name}`;

  async function withoutPermission(name: string, route: string, work: () => Promise<void>) {
    const { resourcePolicies } = laptop.iam;
    const policy = resourcePolicies.get(functionArn(name)) ?? [];
    const others = policy.filter((each) => !JSON.stringify(each.Condition).includes(`${route}"`));
    expect(others).toHaveLength(policy.length - 1);
    resourcePolicies.set(functionArn(name), others);
    try {
      await work();
    } finally {
      resourcePolicies.set(functionArn(name), policy);
    }
  }

  it.each([
    ["create-order", "POST", "/orders"],
    ["get-order", "GET", "/orders/{orderId}"],
    ["get-order", "GET", "/orders/{orderId}/history"],
    ["cancel-order", "DELETE", "/orders/{orderId}"],
    ["list-orders", "GET", "/orders"],
  ])("let API Gateway invoke %s for %s %s, without which its response is 500", async (...of) => {
    const [name, method, path] = of;
    await withoutPermission(name, `/${method}${path}`, async () => {
      const url = laptop.output("apiUrl") + path.slice(1).replace("{orderId}", ended.orderId);
      const response = await laptop.fetch(url, { method });
      expect(response.status).toBe(500);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    });
  });
});
