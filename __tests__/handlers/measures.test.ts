import { makeReconcileOrders } from "../../handlers/reconcile-orders";
import { aStoredOrder, NOW } from "../support/orders";
import { forgetTelemetry, measured, telemetry } from "../support/telemetry";
import { closed, completed, makeWorker, processing } from "../support/worker";

beforeEach(forgetTelemetry);

const SECOND = 1000;
const acceptedAgo = (seconds: number) => new Date(NOW.getTime() - seconds * SECOND).toISOString();
const received = (redrives = 0) => aStoredOrder({ createdAt: acceptedAgo(3) }, { redrives });

describe("a worker measures", () => {
  it("an order that it completes, and how long that took", async () => {
    await makeWorker({ stored: [received()] }).deliver();
    expect(measured).toEqual([
      ["OrdersCompleted", 1],
      ["TimeToEnd", 3000],
      ["TimeToNotified", 3000],
    ]);
  });

  it("no times of a life that an operator gave it", async () => {
    await makeWorker({ stored: [received(1)] }).deliver(2);
    expect(measured).toEqual([["OrdersCompleted", 1]]);
  });

  it("an order that it rejects", async () => {
    const fulfilOrder = () => Promise.resolve({ rejected: "sold out" });
    await makeWorker({ stored: [received()], fulfilOrder }).deliver();
    expect(measured).toContainEqual(["OrdersRejected", 1]);
  });

  it("an attempt that fails, and no end", async () => {
    await makeWorker({ stored: [received()], fulfilOrder: closed }).deliver();
    expect(measured).toEqual([["AttemptsFailed", 1]]);
  });

  it("an end whose response was lost", async () => {
    const ended = { ...completed(), redrives: 0, attempt: 1 };
    const endOrder = () => Promise.resolve({ ok: false, stored: ended });
    await makeWorker({ stored: [received()], endOrder }).deliver();
    expect(measured.filter(([name]) => name === "OrdersCompleted")).toHaveLength(1);
  });

  it("no end that another worker's is", async () => {
    const ended = { ...completed(), redrives: 0, attempt: 2 };
    const endOrder = () => Promise.resolve({ ok: false, stored: ended });
    await makeWorker({ stored: [received()], endOrder }).deliver();
    expect(measured.filter(([name]) => name === "OrdersCompleted")).toEqual([]);
  });

  it("an order that fails, and an undo that has", async () => {
    const stored = processing({
      tries: 20,
      attempt: 60,
      workUntil: 0,
      undoTries: 40,
      ending: { status: "FAILED", reason: "closed" },
    });
    await makeWorker({ stored: [stored] }).deliver(2);
    expect(measured).toEqual(
      expect.arrayContaining([
        ["OrdersFailed", 1],
        ["UndosFailed", 1],
      ]),
    );
  });

  it("a notification that cannot be published", async () => {
    await makeWorker({ stored: [received()], notifyCustomer: closed }).deliver();
    expect(measured.map(([name]) => name)).toEqual([
      "OrdersCompleted",
      "TimeToEnd",
      "NotificationsFailed",
    ]);
  });

  it("a message about no order, and one that is no order's", async () => {
    const { batch, deliver } = makeWorker();
    await batch("hello");
    await deliver();
    expect(measured).toEqual([
      ["UnrecognisedMessages", 1],
      ["UnrecognisedMessages", 1],
    ]);
  });
});

describe("the reconciler measures", () => {
  const deps = {
    ...telemetry,
    postponeCheck: () => Promise.resolve(true),
    enqueueOrders: () => Promise.resolve([]),
    waitingMessages: () => Promise.resolve(0),
    maximumConcurrency: 5,
    nextCheckSeconds: 300,
    now: () => NOW,
  };

  it("each minute what is overdue, also where nothing is", async () => {
    const due = { orderId: "a", shelf: "open-0", checkAt: NOW.getTime() - 7 * SECOND };
    const runs = [[], [{ ...due, overdueSince: undefined }]];
    for (const found of runs) {
      await makeReconcileOrders({ ...deps, dueOrders: () => Promise.resolve(found) })();
    }
    expect(measured).toEqual([
      ["OverdueOrders", 0],
      ["OldestOverdueOrderAge", 0],
      ["MessagesSentAgain", 0],
      ["OverdueOrders", 1],
      ["OldestOverdueOrderAge", 7],
      ["MessagesSentAgain", 1],
    ]);
  });

  it("nothing where it cannot see the orders: its silence is what alarms", async () => {
    const run = makeReconcileOrders({ ...deps, dueOrders: closed });
    await expect(run()).rejects.toThrow("closed");
    expect(measured).toEqual([]);
  });
});
