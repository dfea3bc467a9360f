import { notificationOf } from "../../handlers/notification";
import { anOrder, completedOrder, NOW, ORDER_ID } from "../support/orders";

const at = NOW.toISOString();
const completed = completedOrder({ metadata: { own: 1 }, notifiedAt: at });
const rejected = anOrder({ status: "REJECTED", rejectedAt: at, reason: "card declined" });
const failed = anOrder({ status: "FAILED", failedAt: at, reason: "out of stock" });
const cancelled = anOrder({
  status: "CANCELLED",
  cancelRequestedAt: at,
  cancelledAt: at,
  progress: [{ step: "charge", at }],
});

describe("a notification", () => {
  it("has how the order ended in which life, and nothing of what was ordered", () => {
    const whose = { orderId: ORDER_ID, customerId: "customer-1" };
    expect(notificationOf(completed, 2)).toEqual({
      ...whose,
      status: "COMPLETED",
      redrives: 2,
      totals: { units: 3, amount: 0.3 },
      completedAt: at,
    });
    expect(notificationOf(rejected, 0)).toEqual({
      ...whose,
      status: "REJECTED",
      redrives: 0,
      rejectedAt: at,
      reason: "card declined",
    });
    expect(notificationOf(failed, 1)).toEqual({
      ...whose,
      status: "FAILED",
      redrives: 1,
      failedAt: at,
      reason: "out of stock",
    });
    expect(notificationOf(cancelled, 0)).toEqual({
      ...whose,
      status: "CANCELLED",
      redrives: 0,
      cancelledAt: at,
    });
    expect(notificationOf({ ...failed, undoFailed: true }, 0)).toMatchObject({ undoFailed: true });
  });
});
