import type { StoredOrder } from "../../handlers/life";
import { orderMessage } from "../../handlers/order-message";
import { aStoredOrder, NOW, ORDER_ID } from "../support/orders";
import { forgetTelemetry, logs } from "../support/telemetry";
import {
  closed,
  completed,
  makeWorker,
  processing,
  TOTALS,
  type WorkerOverrides,
} from "../support/worker";

beforeEach(forgetTelemetry);

const OTHER_ID = "7d0e8b3c-11aa-4c54-8b0f-66d2a3d0c001";
const AGAIN = ["message-0"];
const leaseUntil = NOW.getTime() + 1000;

describe("a message", () => {
  it.each([1, 2])("about no order comes back, whatever its receives: %i", async (receives) => {
    const { deliver, did } = makeWorker();
    expect(await deliver(receives)).toEqual(AGAIN);
    expect(did).not.toContainEqual(expect.arrayContaining(["hide"]));
    expect(logs).toEqual([
      { message: "there is no such order", orderId: ORDER_ID, messageId: "message-0" },
    ]);
  });

  it.each<[string, WorkerOverrides, StoredOrder]>([
    ["read", { readOrder: closed }, aStoredOrder()],
    ["claim", { claimOrder: closed }, aStoredOrder()],
    ["be released", { fulfilOrder: closed, releaseOrder: closed }, aStoredOrder()],
    ["be ended", { endOrder: closed }, aStoredOrder()],
    ["be stamped", { recordNotified: closed }, completed()],
  ])(
    "about an order that cannot %s is hidden by its receives",
    async (_name, overrides, stored) => {
      const { deliver, did } = makeWorker({ stored: [stored], ...overrides });
      expect(await deliver(3)).toEqual(AGAIN);
      expect(did.at(-1)).toEqual(["hide", "receipt-0", 40]);
      expect(logs).toContainEqual({
        message: "order could not be moved on",
        orderId: ORDER_ID,
        messageId: "message-0",
        error: "Error",
        reason: "closed",
      });
    },
  );

  it("whose order has failed so often that it would be hidden for long is acknowledged", async () => {
    const { deliver, did } = makeWorker({ readOrder: closed });
    expect(await deliver(6)).toEqual([]);
    expect(did).toEqual([]);
    expect(logs.at(-1)).toEqual({
      message: "order is tried again: left to the reconciler",
      orderId: ORDER_ID,
    });
  });

  it("about a new order that cannot be claimed is hidden for 10 s", async () => {
    const { deliver, did } = makeWorker({ claimNewOrder: closed });
    expect(await deliver()).toEqual(AGAIN);
    expect(did).toEqual([["hide", "receipt-0", 10]]);
  });

  it("that cannot be hidden comes back when its visibility timeout is over", async () => {
    const { deliver } = makeWorker({
      stored: [processing({ leaseUntil })],
      hideMessage: closed,
    });
    expect(await deliver(2)).toEqual(AGAIN);
    expect(logs).toContainEqual(
      expect.objectContaining({ message: "message could not be hidden", messageId: "message-0" }),
    );
  });

  it("that is malformed fails alone, and only its id is logged", async () => {
    const malformed = [
      "",
      "{",
      "[".repeat(100_000) + "]".repeat(100_000),
      "null",
      "[]",
      '"x"',
      "{}",
      '{"orderId":7}',
      '{"orderId":"../x"}',
      JSON.stringify({ orderId: ORDER_ID, status: "COMPLETED" }),
    ];
    const { batch, notified } = makeWorker({
      stored: [aStoredOrder(), aStoredOrder({ orderId: OTHER_ID })],
    });
    expect(await batch(orderMessage(ORDER_ID), ...malformed, orderMessage(OTHER_ID))).toEqual(
      malformed.map((_body, i) => `message-${i + 1}`),
    );
    expect(notified.map(({ orderId }) => orderId)).toEqual([ORDER_ID, OTHER_ID]);
    const warnings = malformed.map((_body, i) => ({
      message: "message is not about an order",
      messageId: `message-${i + 1}`,
    }));
    expect(logs).toEqual(expect.arrayContaining(warnings));
    expect(logs).toHaveLength(malformed.length + 2);
  });
});

describe("the orders of a batch", () => {
  it("go on while a neighbour fails, waits or is unknown", async () => {
    const ids = ["0", "1", "2", "3"].map((digit) => `${digit}${ORDER_ID.slice(1)}`);
    const [failing = "", healthy = "", unknown = "", slow = ""] = ids;
    let finish: () => void = () => undefined;
    const { batch, did, notified } = makeWorker({
      stored: [failing, healthy, slow].map((orderId) => aStoredOrder({ orderId })),
      fulfilOrder: async ({ orderId }) => {
        if (orderId === failing) throw new Error("closed");
        if (orderId === slow) await new Promise<void>((resolve) => (finish = resolve));
        if (orderId === healthy) setImmediate(() => finish());
        return { totals: TOTALS };
      },
    });
    const messages = [slow, failing, unknown, healthy].map(orderMessage);
    expect(await batch(...messages)).toEqual(["message-1", "message-2"]);
    expect(notified.map(({ orderId }) => orderId)).toEqual([healthy, slow]);
    expect(did).toContainEqual(["hide", "receipt-1", 10]);
  });
});

describe("the log of process-order", () => {
  it("has ids and outcomes, and no value of an order", async () => {
    const secret = "very-personal-4711";
    const order = { customerId: secret, items: [{ sku: secret }], metadata: { [secret]: secret } };
    const paths: WorkerOverrides[] = [
      {},
      { fulfilOrder: closed },
      { fulfilOrder: () => Promise.resolve({ rejected: secret }) },
      { notifyCustomer: closed },
    ];
    for (const overrides of paths) {
      await makeWorker({ stored: [aStoredOrder(order)], ...overrides }).deliver();
    }
    expect(logs.length).toBeGreaterThan(paths.length);
    expect(JSON.stringify(logs)).not.toContain(secret);
    for (const entry of logs) expect(entry).toMatchObject({ orderId: ORDER_ID });
  });
});
