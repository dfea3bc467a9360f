import { notificationOf, sentenceOf, subjectOf } from "../../handlers/notification";
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

  it("is for a person a sentence on how the order ended", () => {
    const sentence = (order: typeof completed) => sentenceOf(notificationOf(order, 0));
    expect(sentence(completed)).toBe(
      `Thank you! Your order ${ORDER_ID} is completed: 3 units, 0.3 in total.`,
    );
    expect(sentence(completedOrder({ totals: { units: 1 } }))).toBe(
      `Thank you! Your order ${ORDER_ID} is completed: 1 unit.`,
    );
    expect(sentence(rejected)).toBe(
      `We are sorry: your order ${ORDER_ID} was rejected: card declined`,
    );
    expect(sentence(failed)).toBe(
      `We are sorry: your order ${ORDER_ID} could not be processed. We are looking into it.`,
    );
    expect(sentence(cancelled)).toBe(`Your order ${ORDER_ID} is cancelled, as you asked.`);
  });

  it.each([
    [completed, `Order ${ORDER_ID} is completed`],
    [rejected, `Order ${ORDER_ID} was rejected`],
    [failed, `Order ${ORDER_ID} could not be processed`],
    [cancelled, `Order ${ORDER_ID} is cancelled`],
  ])("has a subject that SNS takes", (order, subject) => {
    expect(subjectOf(notificationOf(order, 0))).toBe(subject);
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  });
});
