import { makeCreateOrder, type CreateOrderDeps } from "../../handlers/create-order";
import { fingerprintOf, orderIdFor, receivedOrder, type Order } from "../../handlers/order";
import { MAX_ORDER_BYTES } from "../../handlers/order-request";
import { captureLogs } from "../support/capture-logs";
import { bodyOf, httpEvent, type RequestOptions } from "../support/http-event";
import { aRequest, NOW, ORDER_ID } from "../support/orders";

const KEY = "key-0123456789abcdef";
const logs = captureLogs();

function setUp(overrides: Partial<CreateOrderDeps> = {}) {
  const table = new Map<string, { order: Order; fingerprint: string }>();
  const queued: string[] = [];
  const handler = makeCreateOrder({
    saveOrder: (order, fingerprint) => {
      if (table.has(order.orderId)) return Promise.resolve(false);
      table.set(order.orderId, { order, fingerprint });
      return Promise.resolve(true);
    },
    readOrder: (orderId) => Promise.resolve(table.get(orderId)),
    enqueueOrder: (orderId) => {
      queued.push(orderId);
      return Promise.resolve();
    },
    isRetryable: () => false,
    now: () => NOW,
    newOrderId: () => ORDER_ID,
    ...overrides,
  });
  const post = (body: unknown, options: RequestOptions = {}) =>
    handler(httpEvent({ body: JSON.stringify(body), ...options }));
  return { table, queued, post, handler };
}

const withKey: RequestOptions = { headers: [["idempotency-key", KEY]] };

describe("POST /orders", () => {
  it("accepts a valid order and queues it once", async () => {
    const { post, table, queued } = setUp();
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
    expect([...table.keys()]).toEqual([ORDER_ID]);
    expect(queued).toEqual([ORDER_ID]);
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
      detail: "The order has 1 fault.",
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
    const numbers = `{"customerId":"a","items":[{}],"metadata":{"n":[${"1e15,".repeat(70_000)}0]}}`;
    expect(numbers.length).toBeLessThan(MAX_ORDER_BYTES);
    expect((await post(null, { body: numbers })).statusCode).toBe(413);
    expect(table.size).toBe(0);
  });

  it("answers 503 with Retry-After when a retry is worth it, and 500 when not", async () => {
    const enqueueOrder = () => Promise.reject(new Error("secret reason"));
    const busy = await setUp({ enqueueOrder, isRetryable: () => true }).post(aRequest);
    expect(busy.statusCode).toBe(503);
    expect(busy.headers?.["Retry-After"]).toMatch(/^[1-5]$/);
    const broken = await setUp({ enqueueOrder }).post(aRequest);
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

  it("queues an order again whose message may have been lost", async () => {
    const { post, queued } = setUp();
    await post(aRequest, withKey);
    await post(aRequest, withKey);
    expect(queued).toHaveLength(2);
  });

  it("does not queue an order again that has moved on, and answers it as it is", async () => {
    const orderId = orderIdFor(aRequest.customerId, KEY);
    const order = { ...receivedOrder(aRequest, orderId, NOW), status: "COMPLETED" as const };
    const { post, queued } = setUp({
      saveOrder: () => Promise.resolve(false),
      readOrder: () => Promise.resolve({ order, fingerprint: fingerprintOf(aRequest) }),
    });
    expect(bodyOf(await post(aRequest, withKey))).toMatchObject({ status: "COMPLETED" });
    expect(queued).toEqual([]);
  });

  it("says that it is a replay only to those who sent a key", async () => {
    // The put was made, its answer was lost, and the SDK tried again.
    const order = receivedOrder(aRequest, ORDER_ID, NOW);
    const { post } = setUp({
      saveOrder: () => Promise.resolve(false),
      readOrder: () => Promise.resolve({ order, fingerprint: fingerprintOf(aRequest) }),
    });
    const result = await post(aRequest);
    expect(result.statusCode).toBe(202);
    expect(result.headers).not.toHaveProperty("Idempotency-Replayed");
  });

  it("refuses the key for another order with 422", async () => {
    const { post, table, queued } = setUp();
    await post(aRequest, withKey);
    const other = await post({ ...aRequest, items: [{}] }, withKey);
    expect(other.statusCode).toBe(422);
    expect(table.size).toBe(1);
    expect(queued).toHaveLength(1);
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
