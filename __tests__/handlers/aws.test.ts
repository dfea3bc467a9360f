import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  createOrderDeps,
  failOrderDeps,
  processOrderDeps,
  recordNotificationDeps,
} from "../../handlers/aws";
import {
  notificationOf,
  receivedOrder,
  sentenceOf,
  subjectOf,
  type Order,
} from "../../handlers/order";
import fc from "fast-check";
import { parseOrderRequest } from "../../handlers/order-request";
import { anOrderRequest } from "../support/arbitraries";
import { startLaptop, type Laptop } from "../support/laptop";
import { anOrder, completedOrder, NOW } from "../support/orders";

// The handlers' own clients against the emulators: every edge of the order's life, and every other
// update that must not happen.
let laptop: Laptop;
let create: ReturnType<typeof createOrderDeps>;
let work: ReturnType<typeof processOrderDeps>;
let fail: ReturnType<typeof failOrderDeps>;
let record: ReturnType<typeof recordNotificationDeps>;

beforeAll(async () => {
  laptop = await startLaptop();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: laptop.region,
    AWS_ENDPOINT_URL: laptop.awsEndpoint,
    TABLE_NAME: laptop.output("tableName"),
    QUEUE_URL: laptop.output("queueUrl"),
    TOPIC_ARN: laptop.output("topicArn"),
    TIMEOUT_SECONDS: "30",
  });
  create = createOrderDeps();
  work = processOrderDeps();
  fail = failOrderDeps();
  record = recordNotificationDeps();
});
afterAll(() => laptop.stop());

const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const LEASE_SECONDS = 30;
const claim = (orderId: string, seconds: number) =>
  work.claimOrder(orderId, at(seconds), at(seconds + LEASE_SECONDS));
const totals = { units: 2, amount: 0.3 };
const complete = (orderId: string, attempt: number, seconds: number) =>
  work.completeOrder(orderId, attempt, { totals }, at(seconds));

async function received(): Promise<Order> {
  const order = anOrder({ orderId: randomUUID(), metadata: { n: 5e-324, deep: [[{}]] } });
  expect(await create.saveOrder(order, "fingerprint-1")).toBe(true);
  return order;
}

async function failed(): Promise<Order> {
  const order = await received();
  await fail.failOrder(order.orderId, "reason", at(0));
  return order;
}

describe("saving an order", () => {
  it("keeps it unchanged, under an id that is taken once", async () => {
    const order = await received();
    expect(await create.saveOrder({ ...order, customerId: "other" }, "fingerprint-2")).toBe(false);
    expect(await create.readOrder(order.orderId)).toMatchObject({
      order,
      fingerprint: "fingerprint-1",
    });
  });

  it("keeps any order that is accepted unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(anOrderRequest, async (candidate) => {
        const parsed = parseOrderRequest(JSON.stringify(candidate));
        if (!parsed.ok) return;
        const order = receivedOrder(parsed.value, randomUUID(), NOW);
        await create.saveOrder(order, "fingerprint");
        expect((await create.readOrder(order.orderId))?.order).toEqual(order);
      }),
      { numRuns: 150 },
    );
  });

  it("finds no order that was not saved", async () => {
    expect(await create.readOrder(randomUUID())).toBeUndefined();
  });
});

describe("claiming an order", () => {
  it("takes a RECEIVED one to PROCESSING, as attempt 1", async () => {
    const order = await received();
    expect(await claim(order.orderId, 1)).toEqual({
      state: "claimed",
      attempt: 1,
      order: { ...order, status: "PROCESSING", updatedAt: at(1).toISOString() },
    });
  });

  it("gives it to one worker only while the lease lives", async () => {
    const { orderId } = await received();
    const claims = await Promise.all([claim(orderId, 0), claim(orderId, 0), claim(orderId, 0)]);
    expect(claims.map(({ state }) => state).sort()).toEqual(["claimed", "leased", "leased"]);
    expect(await claim(orderId, LEASE_SECONDS)).toEqual({ state: "leased" });
  });

  it("gives it to the next worker when the lease is over", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    expect(await claim(orderId, LEASE_SECONDS + 1)).toMatchObject({ state: "claimed", attempt: 2 });
  });

  it("takes a FAILED one back to work and wipes the failure", async () => {
    const order = await failed();
    await record.recordNotified(order.orderId, "FAILED", at(0).toISOString(), at(1));
    const taken = await claim(order.orderId, 2);
    expect(taken).toMatchObject({ state: "claimed", attempt: 1 });
    expect(taken).toHaveProperty("order", {
      ...order,
      status: "PROCESSING",
      updatedAt: at(2).toISOString(),
    });
    expect(await laptop.storedItem(order.orderId)).not.toHaveProperty("failedPartition");
  });

  it("leaves a COMPLETED one alone, and knows no strangers", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    const order = await complete(orderId, 1, 1);
    expect(await claim(orderId, 99)).toEqual({ state: "ended", order });
    expect(await claim(randomUUID(), 0)).toEqual({ state: "unknown" });
  });
});

describe("completing an order", () => {
  it("stores the result and lets the lease go", async () => {
    const order = await received();
    await claim(order.orderId, 0);
    expect(await complete(order.orderId, 1, 5)).toEqual({
      ...order,
      status: "COMPLETED",
      totals,
      updatedAt: at(5).toISOString(),
      completedAt: at(5).toISOString(),
    });
    expect(await laptop.storedItem(order.orderId)).not.toHaveProperty("leaseExpiresAt");
  });

  it("is refused to a worker that lost its lease to another", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    await claim(orderId, LEASE_SECONDS + 1);
    expect(await complete(orderId, 1, LEASE_SECONDS + 2)).toBeUndefined();
    expect(await complete(orderId, 2, LEASE_SECONDS + 3)).toMatchObject({ status: "COMPLETED" });
    expect(await complete(orderId, 1, LEASE_SECONDS + 4)).toBeUndefined();
  });

  it("is a success to a worker whose first try was made, but whose answer was lost", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    const order = await complete(orderId, 1, 1);
    expect(await complete(orderId, 1, 2)).toEqual(order);
  });

  it("is refused after the order failed", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    await fail.failOrder(orderId, "reason", at(LEASE_SECONDS + 1));
    expect(await complete(orderId, 1, LEASE_SECONDS + 2)).toBeUndefined();
  });
});

describe("failing an order", () => {
  it("takes a RECEIVED one to FAILED, into the index", async () => {
    const order = await received();
    expect(await fail.failOrder(order.orderId, "reason", at(3))).toEqual({
      state: "failed",
      order: {
        ...order,
        status: "FAILED",
        failureReason: "reason",
        failedAt: at(3).toISOString(),
        updatedAt: at(3).toISOString(),
      },
    });
    expect(await laptop.storedItem(order.orderId)).toMatchObject({
      failedPartition: { S: "FAILED" },
    });
  });

  it("waits for a worker whose lease lives, not for one whose lease is over", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    expect(await fail.failOrder(orderId, "reason", at(1))).toEqual({ state: "leased" });
    expect(await fail.failOrder(orderId, "reason", at(LEASE_SECONDS + 1))).toMatchObject({
      state: "failed",
    });
  });

  it("never undoes an end", async () => {
    const { orderId } = await received();
    await claim(orderId, 0);
    await complete(orderId, 1, 1);
    expect(await fail.failOrder(orderId, "reason", at(99))).toMatchObject({
      state: "ended",
      order: { status: "COMPLETED" },
    });
    const earlier = await failed();
    expect(await fail.failOrder(earlier.orderId, "again", at(99))).toMatchObject({
      state: "ended",
      order: { status: "FAILED", failureReason: "reason" },
    });
    expect(await fail.failOrder(randomUUID(), "reason", at(0))).toEqual({ state: "unknown" });
  });
});

describe("recording a notification", () => {
  it("stamps an order once", async () => {
    const { orderId } = await failed();
    const stamp = (seconds: number) =>
      record.recordNotified(orderId, "FAILED", at(0).toISOString(), at(seconds));
    expect(await stamp(1)).toBe("recorded");
    expect(await stamp(2)).toBe("ignored");
    expect((await create.readOrder(orderId))?.order.notifiedAt).toBe(at(1).toISOString());
  });

  it("does not take an earlier failure's notification for a later end's", async () => {
    const { orderId } = await failed();
    await claim(orderId, 1);
    const late = () => record.recordNotified(orderId, "FAILED", at(0).toISOString(), at(9));
    expect(await late()).toBe("ignored");
    await fail.failOrder(orderId, "again", at(LEASE_SECONDS + 2));
    expect(await late()).toBe("ignored");
    expect((await create.readOrder(orderId))?.order).not.toHaveProperty("notifiedAt");
  });

  it("knows no strangers", async () => {
    expect(await record.recordNotified(randomUUID(), "FAILED", at(0).toISOString(), at(1))).toBe(
      "unknown",
    );
  });
});

/** Answers every call with this, or never; gives the bodies that it was sent. */
async function withAws<T>(
  answer: { status: number; body: string } | "never",
  use: (bodies: string[]) => Promise<T>,
): Promise<T> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      if (answer !== "never") response.writeHead(answer.status).end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await use(bodies);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("telling the customer", () => {
  it("sends people a sentence, others JSON, and what subscriptions filter on", async () => {
    const notification = notificationOf(completedOrder());
    const [body] = await withAws({ status: 200, body: "<PublishResponse/>" }, async (bodies) => {
      await processOrderDeps().notifyCustomer(notification);
      return bodies;
    });
    const form = Object.fromEntries(new URLSearchParams(body));
    expect(form).toMatchObject({
      Action: "Publish",
      TopicArn: laptop.output("topicArn"),
      Subject: subjectOf(notification),
      MessageStructure: "json",
      "MessageAttributes.entry.1.Name": "customerId",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": "customer-1",
      "MessageAttributes.entry.2.Name": "status",
      "MessageAttributes.entry.2.Value.StringValue": "COMPLETED",
    });
    const texts = JSON.parse(form["Message"] ?? "") as Record<string, string>;
    expect(Object.keys(texts).sort()).toEqual(["default", "email", "sms"]);
    expect(JSON.parse(texts["default"] ?? "")).toEqual(notification);
    expect([texts["email"], texts["sms"]]).toEqual(Array(2).fill(sentenceOf(notification)));
  });
});

describe("a worker's lease", () => {
  it("is as long as the function may run", () => {
    expect(work.leaseMilliseconds).toBe(30_000);
  });
});

describe("an error of AWS", () => {
  const errorOf = (answer: Parameters<typeof withAws>[0]) =>
    withAws(answer, () =>
      createOrderDeps()
        .readOrder("x")
        .catch((error: unknown) => error),
    );

  it.each([
    [400, "ThrottlingException", true],
    [400, "ProvisionedThroughputExceededException", true],
    [500, "InternalServerError", true],
    [503, "ServiceUnavailable", true],
    [400, "ResourceNotFoundException", false],
    [400, "AccessDeniedException", false],
    [400, "ValidationException", false],
  ])("%i %s: worth a retry: %p", async (status, type, worthIt) => {
    const error = await errorOf({ status, body: JSON.stringify({ __type: type }) });
    expect(error).toHaveProperty("name", type);
    expect(create.isRetryable(error)).toBe(worthIt);
  });

  it("is worth a retry when no answer comes", async () => {
    const error = await errorOf("never");
    expect(error).toHaveProperty("name", "TimeoutError");
    expect(create.isRetryable(error)).toBe(true);
  });

  it("is worth a retry when the endpoint cannot be reached", () => {
    // Made by hand: the SDK wraps Node's own errors in jest's realm and loses their code.
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(create.isRetryable(refused)).toBe(true);
    expect(create.isRetryable(new Error("something else"))).toBe(false);
  });
});
