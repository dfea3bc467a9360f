import {
  END_STATUSES,
  isEnd,
  ORDER_ID as PATTERN,
  type OrderStatus,
  receivedOrder,
  TRANSITIONS,
} from "../../handlers/order";
import { aRequest, NOW, ORDER_ID } from "../support/orders";

describe("a new order", () => {
  it("is RECEIVED, and what the client sent", () => {
    const metadata = { note: "x" };
    expect(receivedOrder({ ...aRequest, metadata }, ORDER_ID, NOW)).toEqual({
      orderId: ORDER_ID,
      ...aRequest,
      metadata,
      status: "RECEIVED",
      createdAt: "2026-01-02T03:04:05.678Z",
      updatedAt: "2026-01-02T03:04:05.678Z",
    });
  });
});

describe("the transitions of an order", () => {
  const edges = (from: OrderStatus) => TRANSITIONS.filter((transition) => transition.from === from);

  it("leave no end but by an operator's redrive of a FAILED order", () => {
    const fromEnds = TRANSITIONS.filter(({ from }) => isEnd(from));
    expect(fromEnds).toEqual([{ change: "redrive", from: "FAILED", to: "RECEIVED" }]);
  });

  it("reach an end through a claim only, or by a cancellation before it", () => {
    const before = TRANSITIONS.filter(({ to, change }) => isEnd(to) && change !== "cancel");
    expect(new Set(before.map(({ from }) => from))).toEqual(new Set(["PROCESSING"]));
    expect(edges("RECEIVED")).toEqual([
      { change: "claim", from: "RECEIVED", to: "PROCESSING" },
      { change: "cancel", from: "RECEIVED", to: "CANCELLED" },
    ]);
  });

  it("reach every status", () => {
    const reached = new Set<OrderStatus>(TRANSITIONS.map(({ to }) => to));
    expect([...reached].sort()).toEqual(["RECEIVED", "PROCESSING", ...END_STATUSES].sort());
  });
});

describe("an order's id", () => {
  it.each(["", "1", ORDER_ID.toUpperCase(), `${ORDER_ID}x`, `x${ORDER_ID}`, `${ORDER_ID}\n`])(
    "is not %j",
    (text) => {
      expect(PATTERN.test(text)).toBe(false);
      expect(PATTERN.test(ORDER_ID)).toBe(true);
    },
  );
});
