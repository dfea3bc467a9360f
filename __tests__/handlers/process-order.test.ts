import type { Notification } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-messages";
import { makeProcessOrder, type Claim, type ProcessOrderDeps } from "../../handlers/process-order";
import { captureLogs } from "../support/capture-logs";
import { anOrder, completedOrder, NOW, ORDER_ID } from "../support/orders";
import { aBatch, failuresOf } from "../support/sqs-event";

const OTHER_ID = "7d0e8b3c-11aa-4c54-8b0f-66d2a3d0c001";
const logs = captureLogs();

function setUp(overrides: Partial<ProcessOrderDeps> = {}) {
  const calls: unknown[] = [];
  const told: Notification[] = [];
  const handler = makeProcessOrder({
    claimOrder: (orderId, now, leaseExpiresAt) => {
      calls.push(["claim", orderId, now, leaseExpiresAt]);
      return Promise.resolve({ state: "claimed", order: anOrder({ orderId }), attempt: 4 });
    },
    fulfilOrder: () => Promise.resolve({ totals: { units: 3, amount: 0.3 } }),
    completeOrder: (orderId, attempt, result, now) => {
      calls.push(["complete", orderId, attempt, result, now]);
      return Promise.resolve(completedOrder({ orderId }));
    },
    notifyCustomer: (notification) => {
      told.push(notification);
      return Promise.resolve();
    },
    now: () => NOW,
    leaseMilliseconds: 30_000,
    ...overrides,
  });
  const deliver = (...bodies: string[]) => handler(aBatch(...bodies));
  return { calls, told, deliver };
}

function claimGives(claim: Claim) {
  return { claimOrder: () => Promise.resolve(claim) };
}

describe("process-order", () => {
  it("claims under a lease, completes under its attempt, then tells the customer", async () => {
    const { deliver, calls, told } = setUp();
    expect(await deliver(orderMessage(ORDER_ID))).toEqual({ batchItemFailures: [] });
    expect(calls).toEqual([
      ["claim", ORDER_ID, NOW, new Date(NOW.getTime() + 30_000)],
      ["complete", ORDER_ID, 4, { totals: { units: 3, amount: 0.3 } }, NOW],
    ]);
    expect(told).toEqual([
      {
        orderId: ORDER_ID,
        customerId: "customer-1",
        status: "COMPLETED",
        totals: { units: 3, amount: 0.3 },
        completedAt: NOW.toISOString(),
      },
    ]);
  });

  it.each([
    ["the business step throws", { fulfilOrder: () => Promise.reject(new Error("closed")) }],
    ["another attempt has it now", { completeOrder: () => Promise.resolve(undefined) }],
    ["the topic cannot be reached", { notifyCustomer: () => Promise.reject(new Error("away")) }],
    ["the table cannot be reached", { claimOrder: () => Promise.reject(new Error("away")) }],
    ["a live lease is on it", claimGives({ state: "leased" })],
    ["the order is unknown", claimGives({ state: "unknown" })],
  ])("has the message delivered again when %s", async (_name, overrides) => {
    const { deliver } = setUp(overrides);
    expect(failuresOf(await deliver(orderMessage(ORDER_ID)))).toEqual(["message-0"]);
  });

  it("does not tell anybody of an order that it did not complete", async () => {
    const { deliver, told } = setUp({ completeOrder: () => Promise.resolve(undefined) });
    await deliver(orderMessage(ORDER_ID));
    expect(told).toEqual([]);
  });

  it("tells the customer on a redelivery when the first worker died before it could", async () => {
    const fulfilOrder = jest.fn();
    const order = completedOrder();
    const { deliver, told } = setUp({ ...claimGives({ state: "ended", order }), fulfilOrder });
    expect(failuresOf(await deliver(orderMessage(ORDER_ID)))).toEqual([]);
    expect(told).toHaveLength(1);
    expect(fulfilOrder).not.toHaveBeenCalled();
  });

  it("lets go of a message whose order has ended and whose customer knows", async () => {
    const order = completedOrder({ notifiedAt: NOW.toISOString() });
    const { deliver, told } = setUp(claimGives({ state: "ended", order }));
    expect(failuresOf(await deliver(orderMessage(ORDER_ID)))).toEqual([]);
    expect(told).toEqual([]);
  });

  it("fails strangers' messages alone and logs their ids", async () => {
    const { deliver, told } = setUp();
    const strangers = [
      "",
      "{",
      "[".repeat(100_000) + "]".repeat(100_000),
      "null",
      "[]",
      '"x"',
      "{}",
      '{"orderId":7}',
      '{"orderId":"../x"}',
    ];
    const extra = JSON.stringify({ orderId: ORDER_ID, status: "COMPLETED" });
    const response = await deliver(
      orderMessage(ORDER_ID),
      ...strangers,
      extra,
      orderMessage(OTHER_ID),
    );
    expect(failuresOf(response)).toEqual(
      [...strangers, extra].map((_stranger, i) => `message-${i + 1}`),
    );
    expect(told.map(({ orderId }) => orderId)).toEqual([ORDER_ID, OTHER_ID]);
    expect(logs).toContainEqual({ message: "message is not an order's", messageId: "message-10" });
  });
});
