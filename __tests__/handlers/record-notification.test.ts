import type { SNSEvent } from "aws-lambda";
import { FAILURE_REASON } from "../../handlers/fail-order";
import { notificationOf } from "../../handlers/order";
import { makeRecordNotification } from "../../handlers/record-notification";
import { snsEvent } from "../../local/topic-subscription";
import { captureLogs } from "../support/capture-logs";
import { anOrder, completedOrder, NOW, ORDER_ID } from "../support/orders";

captureLogs();
const ENDED_AT = "2026-01-01T00:00:00.000Z";

function published(message: unknown): SNSEvent {
  return snsEvent(
    JSON.stringify({
      MessageId: "message-1",
      TopicArn: "arn:aws:sns:eu-west-1:000000000000:order-events",
      Subject: null,
      Message: typeof message === "string" ? message : JSON.stringify(message),
      Timestamp: NOW.toISOString(),
    }),
  );
}

function setUp(outcome: "recorded" | "ignored" | "unknown" = "recorded") {
  const recordNotified = jest.fn(() => Promise.resolve(outcome));
  return { recordNotified, handler: makeRecordNotification({ recordNotified, now: () => NOW }) };
}

describe("record-notification", () => {
  it.each([
    ["COMPLETED" as const, completedOrder({ completedAt: ENDED_AT })],
    [
      "FAILED" as const,
      anOrder({ status: "FAILED", failedAt: ENDED_AT, failureReason: FAILURE_REASON }),
    ],
  ])("stamps the order that is %s", async (status, order) => {
    const { handler, recordNotified } = setUp();
    await handler(published(notificationOf(order)));
    expect(recordNotified).toHaveBeenCalledWith(ORDER_ID, status, ENDED_AT, NOW);
  });

  it("is content when the stamp is there already", async () => {
    await setUp("ignored").handler(published(notificationOf(completedOrder())));
  });

  it("fails on an order that nobody knows, so that the message is kept", async () => {
    const { handler } = setUp("unknown");
    const published_ = published(notificationOf(completedOrder()));
    await expect(handler(published_)).rejects.toThrow(
      "message-1 on the topic names no known order",
    );
  });

  it.each([
    ["text", "hello"],
    ["other JSON", { some: "thing" }],
    ["an order that has not ended", { orderId: ORDER_ID, status: "PROCESSING" }],
    ["no time of its end", { orderId: ORDER_ID, status: "COMPLETED" }],
    ["an id that is none", { orderId: "x", status: "COMPLETED", completedAt: ENDED_AT }],
  ])("fails on a stranger's message: %s", async (_name, message) => {
    const { handler, recordNotified } = setUp();
    await expect(handler(published(message))).rejects.toThrow(
      "message-1 on the topic is not an order's",
    );
    expect(recordNotified).not.toHaveBeenCalled();
  });
});
