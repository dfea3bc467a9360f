import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { failedShelf, SHELVES } from "../../handlers/aws/stored-order";
import { FAILURE_REASON } from "../../handlers/life";
import type { Order } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-message";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { overriding, queueWith, scheduleAt, variablesOf } from "../../harness/overrides";
import { copyProject } from "../../harness/project-copy";
import type { FaultPlan } from "../../laptop/endpoint/fault-injection";
import { isNotified, ORDER_ID } from "../support/orders";

/** All tries of a call take half of it at most: on a busy machine a sixth of this must do for one. */
const TIMEOUT_SECONDS = 3;
const MAX_ATTEMPTS = 3;
const MAX_RECEIVES = 5;
/** Of messages whose worker dies; long enough for those that only hang. */
const VISIBILITY_SECONDS = 5;

const faultyStep = path.join(__dirname, "..", "fixtures", "faulty-fulfil-order.ts");
const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(faultyStep, "utf8") });
const fileFor = (name: string) => path.join(copy.directory, name);

const secret = "very-personal-4711";
const anOrder = {
  customerId: secret,
  items: [{ sku: secret, quantity: 1, [secret]: secret }],
};
const malformed = ["hello", '{"some":"thing"}', orderMessage(ORDER_ID)];

/** create-order cannot send while this holds. */
let isQueueAway = false;
const faults: FaultPlan = ({ caller, action }) =>
  isQueueAway && caller === "create-order" && action === "SendMessage" ? "throttled" : undefined;

let laptop: Laptop;
const malformedIds: string[] = [];
let unsent: Order;
let outOfTime: string;
let killed: string;
let failing: string;
let healthy: string[];
let deadly: string;

// Everything that waits for visibility timeouts and backoffs starts here, to wait at the same time.
beforeAll(async () => {
  laptop = await startLaptop({
    directory: copy.directory,
    faults,
    config: {
      "order-processing:processing": {
        timeoutSeconds: TIMEOUT_SECONDS,
        maxAttempts: MAX_ATTEMPTS,
      },
    },
    override: overriding(
      variablesOf("create-order", { FIRST_CHECK_SECONDS: 5 }),
      variablesOf("process-order", { BACKOFF_SECONDS: 1, FIRST_CHECK_SECONDS: 5 }),
      variablesOf("reconcile-orders", { NEXT_CHECK_SECONDS: 5 }),
      scheduleAt(1),
      queueWith(VISIBILITY_SECONDS, MAX_RECEIVES),
    ),
  });
  unsent = await acceptWithoutQueue();
  for (const body of malformed) {
    const { MessageId = "" } = await laptop.send("queueUrl", body);
    malformedIds.push(MessageId);
  }
  const [nine, ten] = await Promise.all([
    Promise.all(Array.from({ length: 9 }, () => laptop.accepted(anOrder))),
    laptop.accepted({ ...anOrder, metadata: { step: "die", undoFile: fileFor("undo-deadly") } }),
  ]);
  healthy = nine;
  deadly = ten;
  failing = await laptop.accepted({ ...anOrder, metadata: { step: "throw" } });
  outOfTime = await laptop.accepted({ ...anOrder, metadata: hanging() });
  killed = await acceptAndKillWorker();
});
afterAll(async () => {
  await laptop.stop();
  copy.remove();
});

const hanging = () => ({ step: "hang", until: Date.now() + 1000 * TIMEOUT_SECONDS });

async function acceptWithoutQueue(): Promise<Order> {
  isQueueAway = true;
  const response = await laptop.post(anOrder).finally(() => (isQueueAway = false));
  expect(response.status).toBe(202);
  expect(logOf("create-order")).toContain("order not queued, left to the reconciler");
  return (await response.json()) as Order;
}

async function acceptAndKillWorker(): Promise<string> {
  const pidFile = fileFor("pid");
  const orderId = await laptop.accepted({ ...anOrder, metadata: { ...hanging(), pidFile } });
  const pid = await eventually("the worker to be at work", () =>
    existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : undefined,
  );
  process.kill(pid, "SIGKILL");
  expect((await laptop.storedItem(orderId))?.["status"]).toEqual({ S: "PROCESSING" });
  return orderId;
}

const errorsOf = (name: string) => laptop.invocations(name).flatMap(({ error }) => error ?? []);
const attemptsOf = async (orderId: string) =>
  Number((await laptop.storedItem(orderId))?.["attempt"]?.N);
const logOf = (name: string) =>
  JSON.stringify(laptop.invocations(name).map((invocation) => invocation.log));
const secondsBetween = (from: string, to = "") => (Date.parse(to) - Date.parse(from)) / 1000;

describe("ten concurrent orders, one of which kills its process", () => {
  it("complete within seconds, all but that one", async () => {
    for (const orderId of healthy) {
      const order = await laptop.until(orderId, "notified", isNotified);
      const { status, createdAt, completedAt } = order;
      expect(status).toBe("COMPLETED");
      expect(secondsBetween(createdAt, completedAt)).toBeLessThan(15);
    }
  });

  it("include one that ends FAILED after its attempts and its undo, and is notified", async () => {
    const order = await laptop.until(deadly, "notified", isNotified);
    expect(order).toMatchObject({ status: "FAILED", reason: FAILURE_REASON });
    expect(await attemptsOf(deadly)).toBe(MAX_ATTEMPTS + 1);
    const deaths = errorsOf("process-order").filter((error) => error === "killed by SIGKILL");
    // Its attempts, and the worker that was killed from outside.
    expect(deaths).toHaveLength(MAX_ATTEMPTS + 1);
    expect(readFileSync(fileFor("undo-deadly"), "utf8")).toBe(`${deadly}/0/undo`);
  });
});

describe("an order whose worker", () => {
  it("is killed completes at its next attempt", async () => {
    const order = await laptop.until(killed, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(await attemptsOf(killed)).toBe(2);
  });

  it("times out completes at its next attempt", async () => {
    const order = await laptop.until(outOfTime, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(await attemptsOf(outOfTime)).toBe(2);
    expect(errorsOf("process-order")).toContain(`timed out after ${TIMEOUT_SECONDS} s`);
  });
});

describe("an order whose step", () => {
  it("throws once completes after its backoff", async () => {
    const metadata = { step: "throw once", marker: fileFor("thrown") };
    const orderId = await laptop.accepted({ ...anOrder, metadata });
    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(await attemptsOf(orderId)).toBe(2);
    expect(secondsBetween(order.createdAt, order.completedAt)).toBeGreaterThanOrEqual(1);
  });

  it("rejects it ends REJECTED with the step's reason, after one attempt and its undo", async () => {
    const orderId = await laptop.accepted({ ...anOrder, metadata: { step: "reject" } });
    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order).toMatchObject({
      status: "REJECTED",
      reason: "card declined",
      rejectedAt: expect.any(String),
    });
    expect(await attemptsOf(orderId)).toBe(2);
    expect((await laptop.storedItem(orderId))?.[SHELVES.partition]).toBeUndefined();
  });

  it("always throws ends FAILED with a fixed reason, is notified, and is in the index", async () => {
    const order = await laptop.until(failing, "notified", isNotified);
    expect(order).toMatchObject({
      status: "FAILED",
      reason: FAILURE_REASON,
      failedAt: expect.any(String),
    });
    const { Items } = await laptop.dynamodb.send(
      new QueryCommand({
        TableName: laptop.output("tableName"),
        IndexName: SHELVES.index,
        KeyConditionExpression: "shelf = :shelf AND checkAt = :failedAt",
        ExpressionAttributeValues: {
          ":shelf": { S: failedShelf(failing) },
          ":failedAt": { N: String(Date.parse(order.failedAt ?? "")) },
        },
      }),
    );
    expect(Items).toEqual([
      {
        orderId: { S: failing },
        shelf: { S: failedShelf(failing) },
        checkAt: { N: String(Date.parse(order.failedAt ?? "")) },
        createdAt: { S: order.createdAt },
      },
    ]);
  });
});

describe("an order whose message cannot be sent", () => {
  it("is accepted, and completes after the reconciler has sent its message", async () => {
    const order = await laptop.until(unsent.orderId, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(await attemptsOf(unsent.orderId)).toBe(1);
    expect(secondsBetween(order.createdAt, order.completedAt)).toBeGreaterThanOrEqual(5);
  });
});

describe("messages that are malformed or about no order", () => {
  it("go to orders-dead-letters, while orders beside them complete", async () => {
    const orderId = await laptop.accepted(anOrder);
    expect(await laptop.until(orderId, "notified", isNotified)).toMatchObject({
      status: "COMPLETED",
    });
    const found: string[] = [];
    await eventually("all three to arrive", async () => {
      found.push(...(await laptop.receive("deadLetterQueueUrl")));
      return malformed.every((body) => found.includes(body));
    });
    for (const id of malformedIds) {
      const receives = laptop
        .invocations("process-order")
        .filter(({ log }) => JSON.stringify(log).includes(id));
      expect(receives.length).toBeGreaterThan(0);
      expect(receives.length).toBeLessThanOrEqual(MAX_RECEIVES);
    }
  });
});

describe("the log of orders that go wrong", () => {
  it("has their ids and errors, and none of their values", async () => {
    const TableName = laptop.output("tableName");
    const orderId = await laptop.accepted(anOrder);
    await laptop.until(orderId, "notified", isNotified);
    const Item = { ...(await laptop.storedItem(orderId)), items: { S: `[{"sku":${secret}` } };
    await laptop.dynamodb.send(new PutItemCommand({ TableName, Item }));
    expect((await fetch(`${laptop.output("apiUrl")}orders/${orderId}`)).status).toBe(500);

    const log = JSON.stringify(laptop.events);
    for (const expected of [failing, outOfTime, "the warehouse is closed", "items is not JSON"]) {
      expect(log).toContain(expected);
    }
    expect(log).not.toContain(secret);
  });
});
