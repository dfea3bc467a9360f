import { FAILURE_REASON, makeFailOrder, type FailOrderDeps } from "../../handlers/fail-order";
import type { Notification } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-messages";
import { captureLogs } from "../support/capture-logs";
import { anOrder, completedOrder, NOW, ORDER_ID } from "../support/orders";
import { aBatch, failuresOf } from "../support/sqs-event";

captureLogs();
const failedOrder = anOrder({
  status: "FAILED",
  failedAt: NOW.toISOString(),
  failureReason: FAILURE_REASON,
});

function setUp(failOrder: FailOrderDeps["failOrder"]) {
  const told: Notification[] = [];
  const notifyCustomer = (notification: Notification) => {
    told.push(notification);
    return Promise.resolve();
  };
  const handler = makeFailOrder({ failOrder, notifyCustomer, now: () => NOW });
  return { told, deliver: () => handler(aBatch(orderMessage(ORDER_ID))) };
}

describe("fail-order", () => {
  it("takes a dead-lettered order to FAILED with a reason and tells the customer", async () => {
    const failOrder = jest.fn(() =>
      Promise.resolve({ state: "failed" as const, order: failedOrder }),
    );
    const { deliver, told } = setUp(failOrder);
    expect(failuresOf(await deliver())).toEqual([]);
    expect(failOrder).toHaveBeenCalledWith(ORDER_ID, FAILURE_REASON, NOW);
    expect(told).toEqual([
      {
        orderId: ORDER_ID,
        customerId: "customer-1",
        status: "FAILED",
        failedAt: NOW.toISOString(),
        failureReason: FAILURE_REASON,
      },
    ]);
  });

  it.each([
    ["COMPLETED", completedOrder()],
    ["FAILED", failedOrder],
  ])("tells the customer of an order that was %s before, untold", async (status, order) => {
    const { deliver, told } = setUp(() => Promise.resolve({ state: "ended", order }));
    expect(failuresOf(await deliver())).toEqual([]);
    expect(told).toMatchObject([{ status }]);
  });

  it("lets go of a message whose order's end is known to the customer", async () => {
    const order = completedOrder({ notifiedAt: NOW.toISOString() });
    const { deliver, told } = setUp(() => Promise.resolve({ state: "ended", order }));
    expect(failuresOf(await deliver())).toEqual([]);
    expect(told).toEqual([]);
  });

  it.each(["leased", "unknown"] as const)(
    "keeps the message of an order that is %s",
    async (state) => {
      const { deliver, told } = setUp(() => Promise.resolve({ state }));
      expect(failuresOf(await deliver())).toEqual(["message-0"]);
      expect(told).toEqual([]);
    },
  );
});
