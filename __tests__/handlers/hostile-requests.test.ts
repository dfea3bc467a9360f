import fc from "fast-check";
import { makeOrdersTable } from "../../handlers/aws/orders-table";
import { consumeOrders } from "../../handlers/batch";
import { makeCreateOrder } from "../../handlers/create-order";
import { makeGetOrder } from "../../handlers/get-order";
import { MAX_NAMES } from "../../handlers/json";
import type { Order } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-message";
import { anOrderRequest, anyJson } from "../support/arbitraries";
import { makeResponseChecker, seenResult } from "../support/contract/response-checker";
import { bodyOf, httpEvent } from "../support/http-event";
import { NOW, ORDER_ID } from "../support/orders";
import { makeMemoryTable } from "../support/orders-tables";
import { aBatch, failuresOf } from "../support/sqs-event";
import { logs, telemetry } from "../support/telemetry";

const { check, counts } = makeResponseChecker();

/** Each response of the handler is one of openapi.yaml, or its request fails. */
function checked(method: string, path: string, handle: ReturnType<typeof makeCreateOrder>) {
  return async (event: Parameters<typeof handle>[0]) => {
    const result = await handle(event);
    check(seenResult(method, path, result));
    return result;
  };
}

function setUp() {
  const table = makeMemoryTable();
  const orders = makeOrdersTable(table.client(), "orders", () => "id");
  const deps = {
    acceptOrder: orders.acceptOrder,
    enqueueOrder: () => Promise.resolve(),
    firstCheckSeconds: 120,
    ...telemetry,
    access: "open" as const,
    isRetryable: () => false,
    now: () => NOW,
  };
  let read = 0;
  const readOrder = (orderId: string) => {
    read += 1;
    return orders.readOrder(orderId);
  };
  return {
    create: checked("POST", "/orders", makeCreateOrder({ ...deps, newOrderId: () => ORDER_ID })),
    get: checked("GET", `/orders/${ORDER_ID}`, makeGetOrder({ ...deps, readOrder })),
    reads: () => read,
    stored: table.items,
  };
}

const order = (metadata: string) => `{"customerId":"a","items":[{}],"metadata":${metadata}}`;
const names = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":0`).join()}}`;
/** Markup, control characters, and line ends that only JavaScript knows. */
const UNSAFE = /[<>&\p{Cc}\u2028\u2029]/u;

describe("a body with many names", () => {
  it("is taken up to the limit and refused beyond it", async () => {
    const { create } = setUp();
    // The body itself has three.
    const most = await create(httpEvent({ body: order(names(MAX_NAMES - 3)) }));
    expect(most.statusCode).toBe(202);
    const more = await create(httpEvent({ body: order(names(MAX_NAMES - 2)) }));
    expect(more.statusCode).toBe(400);
    expect(bodyOf(more)["errors"]).toEqual([
      { pointer: "", detail: `has more than ${MAX_NAMES} names in its objects` },
    ]);
  });

  it("is counted with the names that are given again", async () => {
    const { create } = setUp();
    const repeated = `{"a":{${'"a":0,'.repeat(MAX_NAMES)}"a":0}}`;
    const result = await create(httpEvent({ body: order(repeated) }));
    expect(bodyOf(result)["errors"]).toEqual([
      { pointer: "", detail: `has more than ${MAX_NAMES} names in its objects` },
    ]);
  });

  it("is counted over all its objects, and no item of an array is a name", async () => {
    const { create } = setUp();
    const nested = `{"a":[${Array.from({ length: 11 }, () => names(1000)).join()}]}`;
    expect((await create(httpEvent({ body: order(nested) }))).statusCode).toBe(400);
    const numbers = `{"a":[${"0,".repeat(MAX_NAMES)}0]}`;
    expect((await create(httpEvent({ body: order(numbers) }))).statusCode).toBe(202);
  });
});

describe("an answer", () => {
  it("has no markup and no control character in it, and is the same JSON", async () => {
    const { create, get } = setUp();
    const hostile = "</script><script>alert(1)</script>&\u0000\u001b[31m\u007f\u0085\u2028\u2029";
    const request = {
      customerId: "<b>",
      items: [{ [hostile]: hostile }],
      metadata: { a: hostile },
    };
    const created = await create(httpEvent({ body: JSON.stringify(request) }));
    expect(created.statusCode).toBe(202);
    const read = await get(httpEvent({ method: "GET", pathParameters: { orderId: ORDER_ID } }));
    for (const { body } of [created, read]) {
      expect(body).not.toMatch(UNSAFE);
      expect(JSON.parse(body) as Order).toMatchObject(request);
    }
    const refused = await create(httpEvent({ body: JSON.stringify({ [hostile]: 1 }) }));
    expect(refused.statusCode).toBe(400);
    expect(refused.body).not.toMatch(UNSAFE);
  });

  it("to anything is safe to show, and says not to guess its type nor to keep it", async () => {
    const { create } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyJson, anOrderRequest), async (json) => {
        const { body, headers } = await create(httpEvent({ body: JSON.stringify(json) }));
        expect(body).not.toMatch(UNSAFE);
        expect(headers).toMatchObject({
          "X-Content-Type-Options": "nosniff",
          "Cache-Control": "no-store",
          "Content-Type": expect.stringMatching(/^application\/(problem\+)?json$/),
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe("a request that aims at prototypes", () => {
  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":{"__proto__":{"polluted":1}}}',
    '{"a":[{"constructor":{"prototype":{"polluted":1}}}]}',
    '{"toString":1,"hasOwnProperty":1,"valueOf":1}',
  ])("changes none: %s", async (metadata) => {
    const { create } = setUp();
    const before = Object.getOwnPropertyNames(Object.prototype);
    const result = await create(httpEvent({ body: order(metadata) }));
    expect(result.statusCode).toBe(metadata.includes("__proto__") ? 400 : 202);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect({}).not.toHaveProperty("polluted");
    if (result.statusCode === 202) expect(bodyOf(result)["metadata"]).toEqual(JSON.parse(metadata));
  });

  it("is no order where it is at the top", async () => {
    const { create } = setUp();
    for (const name of ["__proto__", "constructor", "prototype"]) {
      const body = `{"customerId":"a","items":[{}],"${name}":{"status":"COMPLETED"}}`;
      expect((await create(httpEvent({ body }))).statusCode).toBe(400);
    }
  });
});

describe("an id or a key that is none", () => {
  it.each(["x".repeat(10_000), "../orders", "%00", "{}", ORDER_ID.toUpperCase(), `${ORDER_ID}\n`])(
    "does not reach the table: %j",
    async (orderId) => {
      const { get, reads } = setUp();
      const result = await get(httpEvent({ method: "GET", pathParameters: { orderId } }));
      expect(result.statusCode).toBe(404);
      expect(reads()).toBe(0);
    },
  );

  it.each([
    "short",
    "x".repeat(129),
    "x".repeat(10_000),
    `${"x".repeat(20)}\u0000`,
    "é".repeat(20),
  ])("makes no order: %j", async (key) => {
    const { create, stored } = setUp();
    const headers: [string, string][] = [["Idempotency-Key", key]];
    const result = await create(httpEvent({ body: order("{}"), headers }));
    expect(result.statusCode).toBe(400);
    expect(stored()).toEqual([]);
    expect(JSON.stringify(logs)).not.toContain(key);
  });
});

describe("a value that no text can be made of", () => {
  const hostile = '{"toString":1,"valueOf":null}';

  it.each([
    `[${hostile}]`,
    `{"customerId":${hostile},"items":[{}]}`,
    `{"customerId":"a","items":${hostile}}`,
    `{"customerId":"a","items":[[${hostile}],{"sku":${hostile},"quantity":[${hostile}]}]}`,
    `{"customerId":"a","items":[{}],"metadata":[${hostile}]}`,
    `{"customerId":"a","items":[{}],"other":${hostile}}`,
  ])("is refused like any other: %s", async (body) => {
    const { create } = setUp();
    expect((await create(httpEvent({ body }))).statusCode).toBe(400);
  });

  it("is stored and given back where it may be", async () => {
    const { create } = setUp();
    const result = await create(httpEvent({ body: order(hostile) }));
    expect(result.statusCode).toBe(202);
    expect(bodyOf(result)["metadata"]).toEqual(JSON.parse(hostile));
  });

  it("fails alone as a message", async () => {
    const handle = jest.fn().mockResolvedValue({ handled: true, message: "done" });
    const bodies = [hostile, `{"orderId":${hostile}}`, `[${hostile}]`, orderMessage(ORDER_ID)];
    const response = await consumeOrders(
      { ...telemetry, hideMessage: jest.fn() },
      aBatch(...bodies),
      handle,
    );
    expect(failuresOf(response)).toEqual(["message-0", "message-1", "message-2"]);
    expect(handle.mock.calls).toMatchObject([[{ orderId: ORDER_ID }]]);
  });
});

describe("the responses to all of these", () => {
  it("are those of openapi.yaml", () => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(300);
  });
});
