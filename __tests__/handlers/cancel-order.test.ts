import { type CancelOrderDeps, makeCancelOrder } from "../../handlers/cancel-order";
import type { StoredOrder, Written } from "../../handlers/life";
import { bodyOf, httpEvent } from "../support/http-event";
import { aStoredOrder, NOW, ORDER_ID } from "../support/orders";
import { forgetTelemetry, logs, telemetry } from "../support/telemetry";

beforeEach(forgetTelemetry);

const at = NOW.toISOString();
const now = NOW.getTime();

const received = aStoredOrder();
const processing = aStoredOrder({ status: "PROCESSING" }, { attempt: 2 });
const cancelled = aStoredOrder({ status: "CANCELLED", cancelRequestedAt: at, cancelledAt: at });
const requested = aStoredOrder(
  { status: "PROCESSING", cancelRequestedAt: at },
  { attempt: 2, leaseUntil: now + 1 },
);

const refused = (stored: StoredOrder | undefined): Written => ({ ok: false, stored });

/** `table` is the order as the requests find it, one after the other. */
function setUp(table: (StoredOrder | undefined)[], overrides: Partial<CancelOrderDeps> = {}) {
  const did: unknown[] = [];
  const next = () => (table.length > 1 ? table.shift() : table[0]);
  const handler = makeCancelOrder({
    ...telemetry,
    access: "open",
    cancelNewOrder() {
      did.push("cancel");
      const found = next();
      const isNew = found?.order.status === "RECEIVED";
      return Promise.resolve(isNew ? { ok: true, stored: cancelled } : refused(found));
    },
    requestCancellation({ attempt }, checkAt) {
      did.push(["request", { attempt }, checkAt - now]);
      const found = next();
      const isMine = found?.attempt === attempt && found.order.cancelRequestedAt === undefined;
      return Promise.resolve(isMine ? { ok: true, stored: requested } : refused(found));
    },
    enqueueOrder(orderId) {
      did.push(["send", orderId]);
      return Promise.resolve();
    },
    firstCheckSeconds: 120,
    isRetryable: () => true,
    now: () => NOW,
    ...overrides,
  });
  const cancel = (orderId = ORDER_ID) =>
    handler(httpEvent({ method: "DELETE", pathParameters: { orderId } }));
  return { did, cancel };
}

describe("DELETE /orders/{orderId}", () => {
  it("cancels an order at once on which nobody has worked, and sends a message", async () => {
    const { cancel, did } = setUp([received]);
    const result = await cancel();
    expect(result.statusCode).toBe(202);
    expect(bodyOf(result)).toEqual(cancelled.order);
    expect(did).toEqual(["cancel", ["send", ORDER_ID]]);
    expect(logs).toEqual([
      { message: "cancellation requested", orderId: ORDER_ID, apiRequestId: "req-1" },
    ]);
  });

  it("requests it of an order that is worked on, or waits, and sends a message", async () => {
    const { cancel, did } = setUp([processing]);
    const result = await cancel();
    expect(result.statusCode).toBe(202);
    expect(bodyOf(result)).toMatchObject({ status: "PROCESSING", cancelRequestedAt: at });
    expect(did).toEqual(["cancel", ["request", { attempt: 2 }, 120_000], ["send", ORDER_ID]]);
  });

  it("has the order looked at when its worker must be dead", async () => {
    const { cancel, did } = setUp([{ ...processing, workUntil: now + 30_000 }]);
    await cancel();
    expect(did).toContainEqual(["request", { attempt: 2 }, 150_000]);
  });

  it("changes nothing where it was requested before", async () => {
    const { cancel, did } = setUp([requested]);
    const result = await cancel();
    expect(result.statusCode).toBe(202);
    expect(bodyOf(result)).toEqual(requested.order);
    expect(did).toEqual(["cancel"]);
  });

  it("answers 200 where it is CANCELLED, and 409 where it has ended otherwise", async () => {
    const again = await setUp([cancelled]).cancel();
    expect(again.statusCode).toBe(200);
    expect(bodyOf(again)).toEqual(cancelled.order);
    for (const status of ["COMPLETED", "REJECTED", "FAILED"] as const) {
      const { cancel, did } = setUp([aStoredOrder({ status })]);
      const result = await cancel();
      expect(result.statusCode).toBe(409);
      expect(bodyOf(result)).toMatchObject({ title: "Conflict", requestId: "req-1" });
      expect(did).toEqual(["cancel"]);
    }
  });

  it("answers 404 for an order that there is none of, and for what cannot be an id", async () => {
    expect((await setUp([undefined]).cancel()).statusCode).toBe(404);
    for (const id of ["", "1", `${ORDER_ID}x`]) {
      const { cancel, did } = setUp([received]);
      expect((await cancel(id)).statusCode).toBe(404);
      expect(did).toEqual([]);
    }
  });

  it("is decided again where a worker moved the order in between", async () => {
    const later = { ...processing, attempt: 3 };
    const claimed = setUp([processing, later, later]);
    expect((await claimed.cancel()).statusCode).toBe(202);
    expect(claimed.did).toEqual([
      "cancel",
      ["request", { attempt: 2 }, 120_000],
      ["request", { attempt: 3 }, 120_000],
      ["send", ORDER_ID],
    ]);
    const completed = setUp([processing, aStoredOrder({ status: "COMPLETED" })]);
    expect((await completed.cancel()).statusCode).toBe(409);
    const redriven = setUp([processing, received]);
    expect((await redriven.cancel()).statusCode).toBe(202);
  });

  it("answers 500 to an order that moves for ever", async () => {
    const { cancel } = setUp([processing], {
      requestCancellation: () => Promise.resolve(refused(processing)),
      isRetryable: () => false,
    });
    expect((await cancel()).statusCode).toBe(500);
  });

  it("is accepted where the message cannot be sent: the reconciler sends another", async () => {
    const { cancel } = setUp([processing], {
      enqueueOrder: () => Promise.reject(new Error("closed")),
    });
    expect((await cancel()).statusCode).toBe(202);
    expect(logs).toContainEqual(
      expect.objectContaining({ message: "order not queued, left to the reconciler" }),
    );
  });

  it("answers 503 where the table cannot be reached", async () => {
    const { cancel } = setUp([received], {
      cancelNewOrder: () => Promise.reject(new Error("closed")),
    });
    expect((await cancel()).statusCode).toBe(503);
  });
});
