import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { notificationOf, type Order } from "../../handlers/order";
import { toItem } from "../../handlers/order-item";
import { orderMessage } from "../../handlers/order-messages";
import type { Role } from "../../local/iam";
import { startLocalStack } from "../../local/stack";
import { eventually } from "../support/eventually";
import { startLaptop, type Laptop } from "../support/laptop";
import { anOrder, aRequest, completedOrder, isNotified } from "../support/orders";
import { copyProject } from "../support/project-copy";

const KEY = "arn:aws:kms:us-east-1:000000000000:key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
/** Logs and traces go nowhere on a laptop. */
const NAMED_EXCEPTIONS = [
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
];
/** Asked for once, when an event source mapping is made. */
const AT_THE_START = "sqs:GetQueueAttributes";

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
    config: {
      "order-processing:kmsKeyArn": KEY,
      "order-processing:processing": { timeoutSeconds: 1 },
    },
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

/** Puts an order into the table that no message is on its way for. */
async function stored(order: Order): Promise<Order> {
  const Item = toItem(order, "fingerprint");
  await laptop.dynamodb.send(new PutItemCommand({ TableName: laptop.output("tableName"), Item }));
  return order;
}

/** Sets something off on every path there is, around an order that has ended and been told. */
async function takeEveryPath() {
  const key = { "Idempotency-Key": `key-${randomUUID()}` };
  const created = await laptop.post(aRequest, key);
  const replayed = await laptop.post(aRequest, key);
  const read = await fetch(`${laptop.output("apiUrl")}orders/${ended.orderId}`);
  await laptop.send("queueUrl", orderMessage(ended.orderId));
  await laptop.send("deadLetterQueueUrl", orderMessage(ended.orderId));
  await laptop.publish(JSON.stringify(notificationOf(ended)));
  const { orderId: failing } = await stored(anOrder({ orderId: randomUUID() }));
  await laptop.send("deadLetterQueueUrl", orderMessage(failing));
  await laptop.publish("a stranger");
  return { created, replayed, read, failing };
}

/** Waits until a function has met an order that had ended before. */
function metEnded(functionName: string, words: string): Promise<unknown> {
  return eventually(`${functionName} to say "${words}"`, () =>
    laptop
      .invocations(functionName)
      .flatMap(({ log }) => log.map((entry) => JSON.stringify(entry)))
      .some((entry) => entry.includes(words) && entry.includes(ended.orderId)),
  );
}

/** What was said since of a denied action, other than by whoever denied it. */
function consequencesOf(action: string, since: number): string[] {
  const texts = laptop.events.slice(since).flatMap((event) => {
    if (event.kind === "invocation") {
      const errors = event.log.filter(({ level }) => level === "ERROR");
      return [event.error ?? "", ...errors.map((entry) => JSON.stringify(entry))];
    }
    return event.kind === "warning" && event.text.startsWith("polling ") ? event.text : [];
  });
  return texts.filter((text) => text.includes(`not authorized to perform: ${action} `));
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
    const { created, replayed, read, failing } = await takeEveryPath();
    expect([created.status, replayed.status, read.status]).toEqual([202, 202, 200]);
    expect(await laptop.until(failing, "told", isNotified)).toMatchObject({ status: "FAILED" });
    const order = (await created.json()) as Order;
    await laptop.until(order.orderId, "told", isNotified);
    await metEnded("process-order", "order had ended already");
    await metEnded("fail-order", "order had ended already");
    await metEnded("record-notification", "notification ignored");
    await eventually("the stranger to be handed over", async () =>
      (await laptop.receive("unprocessableQueueUrl")).some((body) => body.includes("a stranger")),
    );

    expect(laptop.events.filter(({ kind }) => kind === "warning")).toEqual([]);
    const used = [...laptop.iam.uses.values()];
    const isUsed = (grant: Grant) =>
      used.some((use) => JSON.stringify(use) === JSON.stringify(grant));
    const unused = grants.filter((grant) => !isUsed(grant));
    expect(unused.filter(({ action }) => !NAMED_EXCEPTIONS.includes(action))).toEqual([]);
    expect(new Set(unused.map(({ action }) => action))).toEqual(new Set(NAMED_EXCEPTIONS));
  });

  it("are needed one by one: without any of them something fails, and says why", async () => {
    const needed = grants.filter(
      ({ action }) => !NAMED_EXCEPTIONS.includes(action) && action !== AT_THE_START,
    );
    expect(needed.length).toBeGreaterThan(25);
    for (const grant of needed) {
      const since = laptop.events.length;
      const what = `${grant.role} to fail without ${grant.action} on ${grant.resource}`;
      await without(grant, async () => {
        await takeEveryPath();
        await eventually(what, () => consequencesOf(grant.action, since).length > 0);
      });
    }
  }, 180_000);

  it.each(["queue", "deadLetterQueue"])(
    "let no function poll the %s without all three of polling",
    async (queue) => {
      const index = readFileSync(path.join(__dirname, "..", "..", "index.ts"), "utf8");
      const lacking = `allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], ${queue}.arn)`;
      const changed = index.replace(`consume(${queue})`, lacking);
      expect(changed).not.toBe(index);
      const copy = copyProject({ "index.ts": changed });
      await expect(startLocalStack({ directory: copy.directory })).rejects.toThrow(
        /Lambda refuses the queue: .* not authorized to perform: sqs:GetQueueAttributes /,
      );
      copy.remove();
    },
  );
});

describe("the functions' own policies", () => {
  const functionArn = (name: string) =>
    `arn:aws:lambda:${laptop.region}:000000000000:function:${name}`;

  async function withoutPermission(name: string, work: () => Promise<void>): Promise<void> {
    const { resourcePolicies } = laptop.iam;
    const policy = resourcePolicies.get(functionArn(name)) ?? [];
    expect(policy).toHaveLength(1);
    resourcePolicies.delete(functionArn(name));
    try {
      await work();
    } finally {
      resourcePolicies.set(functionArn(name), policy);
    }
  }

  it("let API Gateway invoke them, or it answers 500", async () => {
    for (const [name, method] of [
      ["create-order", "POST"],
      ["get-order", "GET"],
    ] as const) {
      await withoutPermission(name, async () => {
        const url = `${laptop.output("apiUrl")}orders${method === "GET" ? `/${ended.orderId}` : ""}`;
        const response = await fetch(url, { method });
        expect(response.status).toBe(500);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
      });
    }
  });

  it("let SNS invoke record-notification, or the order is not marked as told", async () => {
    const untold = await stored(completedOrder({ orderId: randomUUID() }));
    const told = await stored(completedOrder({ orderId: randomUUID() }));
    const since = laptop.events.length;
    await withoutPermission("record-notification", async () => {
      await laptop.publish(JSON.stringify(notificationOf(untold)));
      const text = "SNS may not invoke record-notification: no aws.lambda.Permission allows it";
      await eventually("the warning", () =>
        laptop.events.slice(since).some((event) => event.kind === "warning" && event.text === text),
      );
    });
    await laptop.publish(JSON.stringify(notificationOf(told)));
    await laptop.until(told.orderId, "told", isNotified);
    expect(await laptop.get(untold.orderId)).toEqual(untold);
  });
});
