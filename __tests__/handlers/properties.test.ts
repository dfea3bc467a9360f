import { Big } from "big.js";
import fc from "fast-check";
import { makeOrdersTable } from "../../handlers/aws/orders-table";
import { orderAttributes, storedOrder } from "../../handlers/aws/stored-order";
import { consumeOrders } from "../../handlers/batch";
import { makeCreateOrder } from "../../handlers/create-order";
import { fingerprintOf } from "../../handlers/idempotency";
import { violationAt } from "../../handlers/json";
import { type Order, type OrderRequest, receivedOrder } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-message";
import { parseOrderRequest } from "../../handlers/order-request";
import {
  anOrderRequest,
  aNumber,
  anyJson,
  aRepeatedName,
  trickyJson,
} from "../support/arbitraries";
import { bodyOf, httpEvent } from "../support/http-event";
import { NOW, ORDER_ID } from "../support/orders";
import { makeMemoryTable } from "../support/orders-tables";
import { aBatch, failuresOf } from "../support/sqs-event";
import { telemetry } from "../support/telemetry";

function setUp() {
  const table = makeMemoryTable();
  const orders = makeOrdersTable(table.client(), "orders", () => "id");
  const handler = makeCreateOrder({
    acceptOrder: orders.acceptOrder,
    enqueueOrder: () => Promise.resolve(),
    firstCheckSeconds: 120,
    ...telemetry,
    access: "open",
    isRetryable: () => false,
    now: () => NOW,
    newOrderId: () => ORDER_ID,
  });
  return { stored: table.items, handler };
}

describe("any order", () => {
  it("that is accepted comes back from the table unchanged", () => {
    let accepted = 0;
    fc.assert(
      fc.property(anOrderRequest, (candidate) => {
        const parsed = parseOrderRequest(JSON.stringify(candidate));
        if (!parsed.ok) return;
        accepted += 1;
        const order: Order = receivedOrder(parsed.value, ORDER_ID, NOW);
        expect(storedOrder(orderAttributes(order)).order).toEqual(order);
        // What was sent, but for -0, which JSON has not.
        const sent = JSON.parse(JSON.stringify(candidate)) as OrderRequest;
        expect(parsed.value).toEqual(sent);
        expect(fingerprintOf(parsed.value)).toBe(fingerprintOf(sent));
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(400);
  });
});

describe("any name given twice", () => {
  it("is refused with a pointer to it, and nothing else is", () => {
    fc.assert(
      fc.property(aRepeatedName, ({ path, text }) => {
        const parsed = parseOrderRequest(text);
        const violations = parsed.ok ? [] : parsed.violations;
        const repeated = violations.filter(({ detail }) => detail === "is given more than once");
        expect(repeated).toEqual([violationAt(path, "is given more than once")]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("any number", () => {
  it("of 15 digits comes back as the number that was sent, or is refused with a pointer", () => {
    let accepted = 0;
    fc.assert(
      fc.property(aNumber, (literal) => {
        const parsed = parseOrderRequest(
          `{"customerId":"a","items":[{}],"metadata":{"n":${literal}}}`,
        );
        const sent = new Big(literal);
        const isMinusZero = sent.eq(0) && literal.startsWith("-");
        const isUnsafe = sent.abs().gt(Number.MAX_SAFE_INTEGER);
        if (parsed.ok) {
          accepted += 1;
          const stored = /\{"n":(.*)\}/.exec(JSON.stringify(parsed.value.metadata))?.[1] ?? "";
          expect([new Big(stored).eq(sent), isMinusZero, isUnsafe]).toEqual([true, false, false]);
        } else {
          expect(parsed.violations).toEqual([expect.objectContaining({ pointer: "/metadata/n" })]);
          const isChanged = isUnsafe || !new Big(Number(literal)).eq(sent);
          expect(isMinusZero || isChanged).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});

describe("any body", () => {
  async function expectNo5xx(body: Buffer, contentType: string): Promise<void> {
    const { handler, stored } = setUp();
    const result = await handler(httpEvent({ body, headers: [["Content-Type", contentType]] }));
    expect([202, 400, 413]).toContain(result.statusCode);
    expect(result.body.length).toBeLessThan(1_000_000);
    expect(stored()).toHaveLength(result.statusCode === 202 ? 1 : 0);
    if (result.statusCode !== 202) expect(bodyOf(result)).toMatchObject({ requestId: "req-1" });
  }
  const contentTypes = fc.constantFrom("application/json", "application/octet-stream");

  it("of any bytes is accepted or refused, never a fault of ours", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), contentTypes, (bytes, type) =>
        expectNo5xx(Buffer.from(bytes), type),
      ),
      { numRuns: 300 },
    );
  });

  it("of bytes that are not UTF-8 is refused, in whatever way it is handed over", async () => {
    // None of them ends the string that they stand in.
    const others = fc
      .uint8Array({ min: 0x80, minLength: 1, maxLength: 9 })
      .filter((bytes) => Buffer.from(bytes).toString().includes("\ufffd"));
    const places = fc.constantFrom(
      '{"customerId":"?","items":[{}]}',
      '{"customerId":"a","items":[{"?":1}]}',
      '{"customerId":"a","items":[{}],"metadata":{"l":["?"]}}',
    );
    await fc.assert(
      fc.asyncProperty(others, places, contentTypes, async (bytes, place, type) => {
        const { handler, stored } = setUp();
        const [before = "", after = ""] = place.split("?");
        const body = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
        const result = await handler(httpEvent({ body, headers: [["Content-Type", type]] }));
        expect(result.statusCode).toBe(400);
        expect(stored()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("of any JSON is accepted or refused, never a fault of ours", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyJson, trickyJson, anOrderRequest), contentTypes, (json, type) =>
        expectNo5xx(Buffer.from(JSON.stringify(json)), type),
      ),
      { numRuns: 1000 },
    );
  });
});

describe("any message", () => {
  it("of any JSON is an order's or fails alone, and throws nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyJson, trickyJson), async (json) => {
        const handle = () => Promise.resolve({ handled: true as const, message: "done" });
        const deps = { ...telemetry, hideMessage: () => Promise.resolve() };
        const batch = aBatch(JSON.stringify(json), orderMessage(ORDER_ID));
        const failures = failuresOf(await consumeOrders(deps, batch, handle));
        expect(failures).not.toContain("message-1");
      }),
      { numRuns: 500 },
    );
  });
});
