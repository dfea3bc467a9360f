import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { FAILURE_REASON } from "../../handlers/fail-order";
import { FAILED_INDEX } from "../../handlers/order-item";
import { orderMessage } from "../../handlers/order-messages";
import { eventually } from "../support/eventually";
import { startLaptop, type Laptop } from "../support/laptop";
import { ORDER_ID, isNotified } from "../support/orders";
import { copyProject } from "../support/project-copy";

const TIMEOUT_SECONDS = 1;
const VISIBILITY_MILLISECONDS = 6_000 * TIMEOUT_SECONDS;

const faultyStep = path.join(__dirname, "..", "fixtures", "faulty-fulfil-order.ts");
const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(faultyStep, "utf8") });
const strangers = ["hello", '{"some":"thing"}', orderMessage(ORDER_ID)];
const strangersIds: string[] = [];
const secret = "very-personal-4711";
const anOrder = {
  customerId: secret,
  items: [{ sku: secret, quantity: 1, [secret]: secret }],
};
let laptop: Laptop;
let failing: string;
let outOfTime: string;

// Everything that waits for visibility timeouts starts here, so that it waits at the same time.
beforeAll(async () => {
  laptop = await startLaptop({
    directory: copy.directory,
    config: {
      "order-processing:processing": { timeoutSeconds: TIMEOUT_SECONDS, maxReceiveCount: 3 },
    },
  });
  for (const stranger of strangers) {
    const { MessageId = "" } = await laptop.send("queueUrl", stranger);
    strangersIds.push(MessageId);
  }
  failing = await laptop.accepted({ ...anOrder, metadata: { step: "throw" } });
  outOfTime = await laptop.accepted({ ...anOrder, metadata: hanging() });
});
afterAll(async () => {
  await laptop.stop();
  copy.remove();
});

const hanging = () => ({ step: "hang", until: Date.now() + VISIBILITY_MILLISECONDS - 1000 });
const errorsOf = (name: string) => laptop.invocations(name).flatMap(({ error }) => error ?? []);

describe("an order whose worker", () => {
  it("is killed is only delayed", async () => {
    const pidFile = path.join(copy.directory, "pid");
    const orderId = await laptop.accepted({ ...anOrder, metadata: { ...hanging(), pidFile } });
    const pid = await eventually("the worker to be at work", () =>
      existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : undefined,
    );
    process.kill(pid, "SIGKILL");
    expect((await laptop.storedItem(orderId))?.["status"]).toEqual({ S: "PROCESSING" });

    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect((await laptop.storedItem(orderId))?.["attempt"]).toEqual({ N: "2" });
    expect(errorsOf("process-order")).toContain("killed by SIGKILL");
  });

  it("runs out of time is delivered again, and completed once", async () => {
    const order = await laptop.until(outOfTime, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect((await laptop.storedItem(outOfTime))?.["attempt"]).toEqual({ N: "2" });
    expect(errorsOf("process-order")).toContain("timed out after 1 s");
  });

  it("fails every time ends FAILED, with a reason, told, and found in the index", async () => {
    const order = await laptop.until(failing, "notified", isNotified);
    expect(order).toMatchObject({
      status: "FAILED",
      failureReason: FAILURE_REASON,
      failedAt: expect.any(String),
    });
    expect(JSON.stringify(order)).not.toContain("warehouse");
    const { Items } = await laptop.dynamodb.send(
      new QueryCommand({
        TableName: laptop.output("tableName"),
        IndexName: FAILED_INDEX.name,
        KeyConditionExpression: `${FAILED_INDEX.partition} = :failed`,
        ExpressionAttributeValues: { ":failed": { S: "FAILED" } },
      }),
    );
    expect(Items).toEqual([
      {
        orderId: { S: failing },
        failedAt: { S: order.failedAt },
        failureReason: { S: FAILURE_REASON },
        [FAILED_INDEX.partition]: { S: "FAILED" },
      },
    ]);
  });
});

describe("messages that nobody can place", () => {
  it("end in orders-unprocessable, and do not hold up their neighbours", async () => {
    const orderId = await laptop.accepted(anOrder);
    expect(await laptop.until(orderId, "notified", isNotified)).toMatchObject({
      status: "COMPLETED",
    });
    await laptop.publish("good morning");

    const found: string[] = [];
    await eventually("all four to arrive", async () => {
      found.push(...(await laptop.receive("unprocessableQueueUrl")));
      return found.length >= strangers.length + 1;
    });
    expect(found).toEqual(expect.arrayContaining(strangers));
    expect(found.filter((body) => body.includes("good morning"))).toHaveLength(1);
    expect(errorsOf("record-notification")).toHaveLength(3);
    for (const name of ["process-order", "fail-order"]) {
      const log = JSON.stringify(laptop.invocations(name).map((invocation) => invocation.log));
      for (const id of strangersIds) expect(log).toContain(id);
    }
  });
});

describe("the log of orders that go wrong", () => {
  it("has their ids, what went wrong, and no value of them", async () => {
    const TableName = laptop.output("tableName");
    const orderId = await laptop.accepted(anOrder);
    await laptop.until(orderId, "notified", isNotified);
    const Item = { ...(await laptop.storedItem(orderId)), items: { S: `[{"sku":${secret}` } };
    await laptop.dynamodb.send(new PutItemCommand({ TableName, Item }));
    expect((await fetch(`${laptop.output("apiUrl")}orders/${orderId}`)).status).toBe(500);
    await laptop.publish(JSON.stringify({ customerId: secret }));
    await eventually(
      "the stranger to be given up",
      () => errorsOf("record-notification").length >= 6,
    );

    const log = JSON.stringify(laptop.events);
    for (const said of [failing, outOfTime, "the warehouse is closed", "items is not JSON"]) {
      expect(log).toContain(said);
    }
    expect(log).not.toContain(secret);
  });
});
