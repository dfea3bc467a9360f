import { type GetOrderDeps, makeGetOrder } from "../../handlers/get-order";
import type { Entry } from "../../handlers/history";
import { bodyOf, httpEvent } from "../support/http-event";
import { aStoredOrder, completedOrder, NOW, ORDER_ID } from "../support/orders";
import { telemetry } from "../support/telemetry";

const HISTORY: Entry[] = [
  { change: "accept", at: NOW.getTime(), attempt: 0 },
  { change: "claim", at: NOW.getTime(), attempt: 1 },
];

const OPEN = {
  ...telemetry,
  access: "open" as const,
  isRetryable: () => false,
  now: () => NOW,
};

const stored = () => Promise.resolve(aStoredOrder(completedOrder(), { history: HISTORY }));

function get(orderId: string, readOrder: GetOrderDeps["readOrder"] = stored, suffix = "") {
  const path = `/orders/${orderId}${suffix}`;
  const handler = makeGetOrder({ ...OPEN, readOrder });
  return handler(httpEvent({ method: "GET", path, pathParameters: { orderId } }));
}

describe("GET /orders/{orderId}", () => {
  it("gives the order", async () => {
    const result = await get(ORDER_ID);
    expect(result.statusCode).toBe(200);
    expect(bodyOf(result)).toEqual(completedOrder());
  });

  it("answers 404 for an order that there is none of", async () => {
    const handler = makeGetOrder({
      ...OPEN,
      readOrder: () => Promise.resolve(undefined),
    });
    const result = await handler(
      httpEvent({ method: "GET", pathParameters: { orderId: ORDER_ID } }),
    );
    expect(bodyOf(result)).toMatchObject({ status: 404, requestId: "req-1" });
  });

  it("answers 404 for what cannot be an order's id, without a look into the table", async () => {
    const readOrder = jest.fn(stored);
    for (const id of ["", "1", ORDER_ID.toUpperCase(), `${ORDER_ID}x`, "../x", "é"]) {
      expect((await get(id, readOrder)).statusCode).toBe(404);
    }
    expect(readOrder).not.toHaveBeenCalled();
  });

  it("answers 500 when the table fails", async () => {
    expect((await get(ORDER_ID, () => Promise.reject(new Error("no")))).statusCode).toBe(500);
  });
});

describe("GET /orders/{orderId}/history", () => {
  it("gives what became of the order, oldest first", async () => {
    const result = await get(ORDER_ID, stored, "/history");
    const at = NOW.toISOString();
    expect(result.statusCode).toBe(200);
    expect(bodyOf(result)).toEqual({
      orderId: ORDER_ID,
      history: [
        { at, change: "accept", to: "RECEIVED", attempt: 0 },
        { at, change: "claim", from: "RECEIVED", to: "PROCESSING", attempt: 1 },
      ],
    });
  });

  it("answers 404 for an order that there is none of", async () => {
    const none = () => Promise.resolve(undefined);
    expect((await get(ORDER_ID, none, "/history")).statusCode).toBe(404);
  });
});
