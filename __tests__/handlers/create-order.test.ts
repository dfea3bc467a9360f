import { type CreateOrderDeps, makeCreateOrder } from "../../handlers/create-order";
import { fingerprintOf, orderIdFor } from "../../handlers/idempotency";
import type { StoredOrder } from "../../handlers/life";
import { MAX_ORDER_BYTES } from "../../handlers/order-request";
import { bodyOf, httpEvent, type RequestOptions } from "../support/http-event";
import { aRequest, aStoredOrder, completedOrder, NOW, ORDER_ID } from "../support/orders";
import { logs, telemetry } from "../support/telemetry";

const KEY = "key-0123456789abcdef";

function setUp(overrides: Partial<CreateOrderDeps> = {}) {
  const table = new Map<string, StoredOrder>();
  const calls: unknown[] = [];
  const handler = makeCreateOrder({
    acceptOrder: (order, fingerprint, checkAt) => {
      calls.push(["accept", order.orderId, checkAt]);
      const known = table.get(order.orderId);
      if (known) return Promise.resolve({ ok: false, stored: known });
      const stored = aStoredOrder(order, { fingerprint, checkAt });
      table.set(order.orderId, stored);
      return Promise.resolve({ ok: true, stored });
    },
    enqueueOrder: (orderId) => {
      calls.push(["enqueue", orderId]);
      return Promise.resolve();
    },
    firstCheckSeconds: 120,
    access: "open",
    isRetryable: () => false,
    ...telemetry,
    now: () => NOW,
    newOrderId: () => ORDER_ID,
    ...overrides,
  });
  const post = (body: unknown, options: RequestOptions = {}) =>
    handler(httpEvent({ body: JSON.stringify(body), ...options }));
  const queued = () => calls.filter((call) => Array.isArray(call) && call[0] === "enqueue");
  return { table, calls, queued, post, handler };
}

const withKey: RequestOptions = { headers: [["idempotency-key", KEY]] };

describe("POST /orders", () => {
  it("accepts a valid order, open from now on, and then sends one message", async () => {
    const { post, table, calls } = setUp();
    const result = await post(aRequest);
    expect(result.statusCode).toBe(202);
    expect(result.headers).toMatchObject({
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      Location: `/dev/orders/${ORDER_ID}`,
    });
    expect(bodyOf(result)).toEqual({
      orderId: ORDER_ID,
      ...aRequest,
      status: "RECEIVED",
      createdAt: NOW.toISOString(),
      updatedAt: NOW.toISOString(),
    });
    expect([...table.values()]).toMatchObject([{ fingerprint: fingerprintOf(aRequest) }]);
    expect(calls).toEqual([
      ["accept", ORDER_ID, NOW.getTime() + 120_000],
      ["enqueue", ORDER_ID],
    ]);
  });

  it("answers 202 when the message cannot be sent: the reconciler sends one", async () => {
    const enqueueOrder = () => Promise.reject(new Error("no queue"));
    for (const isRetryable of [() => true, () => false]) {
      const { post, table } = setUp({ enqueueOrder, isRetryable });
      const result = await post(aRequest);
      expect(result.statusCode).toBe(202);
      expect(bodyOf(result)).toMatchObject({ orderId: ORDER_ID, status: "RECEIVED" });
      expect([...table.keys()]).toEqual([ORDER_ID]);
      expect(logs).toContainEqual({
        message: "order not queued, left to the reconciler",
        orderId: ORDER_ID,
        error: "Error",
        reason: "no queue",
      });
    }
  });

  it("sends no message about an order that was not stored", async () => {
    const { post, queued } = setUp({ acceptOrder: () => Promise.reject(new Error("no table")) });
    expect((await post(aRequest)).statusCode).toBe(500);
    expect(queued()).toEqual([]);
  });

  it.each([
    ["without a key", []],
    ["with one", [["Idempotency-Key", KEY]]],
  ] satisfies [string, [string, string][]][])(
    "answers as to a first order, and sends its message, when its own put was repeated: %s",
    async (_name, headers) => {
      // The answer to the put was lost, and the SDK tried again: refused by what was put before.
      const { post, queued } = setUp({
        acceptOrder: (order, fingerprint) =>
          Promise.resolve({ ok: true, stored: aStoredOrder(order, { fingerprint }) }),
      });
      const result = await post(aRequest, { headers });
      expect(result.statusCode).toBe(202);
      expect(result.headers).not.toHaveProperty("Idempotency-Replayed");
      expect(queued()).toHaveLength(1);
    },
  );

  it("takes from a customer their own orders, and touches nothing for another's", async () => {
    const { post, calls } = setUp({ access: "token" });
    const as = (customerId: string) => ({
      authorizer: { customerId, isStaff: "false", expires: String(NOW.getTime() / 1000) },
    });
    const anothers = await post(aRequest, as("customer-2"));
    expect([anothers.statusCode, calls]).toEqual([403, []]);
    expect(anothers.body).not.toContain("customer-");
    expect((await post(aRequest, as("customer-1"))).statusCode).toBe(202);
  });

  it("reads a body that came as base64", async () => {
    const { handler } = setUp();
    const event = httpEvent({
      headers: [["Content-Type", "application/octet-stream"]],
      body: JSON.stringify(aRequest),
    });
    expect(event.isBase64Encoded).toBe(true);
    expect((await handler(event)).statusCode).toBe(202);
  });

  it.each([
    ["no body", ""],
    ["a body that is not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ])("answers %s with 400", async (_name, body) => {
    const { handler, table } = setUp();
    const result = await handler(
      httpEvent({ body, headers: [["Content-Type", "application/octet-stream"]] }),
    );
    expect(result.statusCode).toBe(400);
    expect(result.headers).toMatchObject({ "Content-Type": "application/problem+json" });
    expect(bodyOf(result)).toMatchObject({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: "The order is not valid: 1 violation.",
      requestId: "req-1",
      errors: [{ pointer: "" }],
    });
    expect(table.size).toBe(0);
  });

  it("answers a body in Latin-1 with 400, in whatever way API Gateway hands it over", async () => {
    const { handler, table } = setUp();
    const body = Buffer.from('{"customerId":"José","items":[{}]}', "latin1");
    const post = (type: string) => handler(httpEvent({ body, headers: [["Content-Type", type]] }));
    const asText = await post("application/json");
    expect(asText.statusCode).toBe(400);
    expect(bodyOf(asText)["errors"]).toMatchObject([{ pointer: "/customerId" }]);
    const asBase64 = await post("application/octet-stream");
    expect(asBase64.statusCode).toBe(400);
    expect(bodyOf(asBase64)["errors"]).toEqual([{ pointer: "", detail: "is not valid UTF-8" }]);
    expect(table.size).toBe(0);
  });

  it("answers an order that DynamoDB could not store with 413", async () => {
    const { post, table } = setUp();
    const metadata = { text: "x".repeat(MAX_ORDER_BYTES) };
    expect((await post({ ...aRequest, metadata })).statusCode).toBe(413);
    // Short as it was sent, long as it would be stored.
    const numbers = `{"customerId":"a","items":[{}],"metadata":{"n":[${"1e15,".repeat(50_000)}0]}}`;
    expect(numbers.length).toBeLessThan(MAX_ORDER_BYTES);
    expect((await post(null, { body: numbers })).statusCode).toBe(413);
    expect(table.size).toBe(0);
  });

  it("answers 503 with Retry-After when a retry is worth it, and 500 when not", async () => {
    const acceptOrder = () => Promise.reject(new Error("secret reason"));
    const busy = await setUp({ acceptOrder, isRetryable: () => true }).post(aRequest);
    expect(busy.statusCode).toBe(503);
    expect(busy.headers?.["Retry-After"]).toMatch(/^[1-5]$/);
    const broken = await setUp({ acceptOrder }).post(aRequest);
    expect(broken.statusCode).toBe(500);
    expect(broken.body).not.toContain("secret reason");
    expect(logs.at(-1)).toMatchObject({ reason: "secret reason", apiRequestId: "req-1" });
  });
});

describe("POST /orders with an Idempotency-Key", () => {
  it("makes one order of the same request sent twice", async () => {
    const { post, table } = setUp();
    const first = await post(aRequest, withKey);
    const [item] = aRequest.items;
    const reordered = { items: [{ unitPrice: 0.1, ...item }], customerId: aRequest.customerId };
    const second = await post(reordered, withKey);
    expect(first.headers).not.toHaveProperty("Idempotency-Replayed");
    expect(second).toMatchObject({ statusCode: 202, headers: { "Idempotency-Replayed": "true" } });
    expect(second.headers?.["Location"]).toBe(first.headers?.["Location"]);
    expect([...table.keys()]).toEqual([orderIdFor(aRequest.customerId, KEY)]);
  });

  it("sends no second message for a replay, even of an order that nobody has claimed yet", async () => {
    const { post, queued } = setUp();
    await post(aRequest, withKey);
    await post(aRequest, withKey);
    expect(queued()).toEqual([["enqueue", orderIdFor(aRequest.customerId, KEY)]]);
  });

  it("answers a replay with the key's first order as it is now, from the refused put", async () => {
    const orderId = orderIdFor(aRequest.customerId, KEY);
    const first = completedOrder({ orderId, notifiedAt: NOW.toISOString() });
    const { post, queued } = setUp({
      acceptOrder: () =>
        Promise.resolve({
          ok: false,
          stored: aStoredOrder(first, { fingerprint: fingerprintOf(aRequest), attempt: 1 }),
        }),
    });
    const result = await post(aRequest, withKey);
    expect(result).toMatchObject({ statusCode: 202, headers: { "Idempotency-Replayed": "true" } });
    expect(bodyOf(result)).toEqual(first);
    expect(queued()).toEqual([]);
    expect(logs).toContainEqual({ message: "order replayed", orderId, apiRequestId: "req-1" });
  });

  it("answers 500 when the put was refused by an order that is gone", async () => {
    const { post, queued } = setUp({
      acceptOrder: () => Promise.resolve({ ok: false, stored: undefined }),
    });
    expect((await post(aRequest, withKey)).statusCode).toBe(500);
    expect(queued()).toEqual([]);
  });

  it("refuses the key for another order with 422", async () => {
    const { post, table, queued } = setUp();
    await post(aRequest, withKey);
    const other = await post({ ...aRequest, items: [{}] }, withKey);
    expect(other.statusCode).toBe(422);
    expect(table.size).toBe(1);
    expect(queued()).toHaveLength(1);
  });

  it("keeps the keys of customers apart", async () => {
    const { post, table } = setUp();
    await post(aRequest, withKey);
    await post({ ...aRequest, customerId: "customer-2" }, withKey);
    expect(table.size).toBe(2);
  });

  it.each([
    ["empty", [""]],
    ["short", ["0123456789abcde"]],
    ["long", ["x".repeat(129)]],
    ["with a space", ["0123456789 abcdef"]],
    ["not ASCII", ["0123456789abcdéf"]],
    ["two different ones", [KEY, `${KEY}-2`]],
  ])("refuses a key that is %s with 400", async (_name, keys) => {
    const { post, table } = setUp();
    const headers = keys.map((key): [string, string] => ["Idempotency-Key", key]);
    expect((await post(aRequest, { headers })).statusCode).toBe(400);
    expect(table.size).toBe(0);
  });
});
