import {
  type DueOrder,
  makeReconcileOrders,
  type ReconcileOrdersDeps,
} from "../../handlers/reconcile-orders";
import { NOW, ORDER_ID } from "../support/orders";
import { forgetTelemetry, logs, telemetry } from "../support/telemetry";

beforeEach(forgetTelemetry);

const now = NOW.getTime();
const SECOND = 1000;

const idOf = (i: number) => `${i.toString(16).padStart(8, "0")}${ORDER_ID.slice(8)}`;
const ids = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => idOf(from + i));

/** So many due orders, oldest first, a second apart. */
function dueOrders(count: number): DueOrder[] {
  return Array.from({ length: count }, (_, i) => ({
    orderId: idOf(i),
    shelf: "open-0",
    checkAt: now - (count - i) * SECOND,
    overdueSince: undefined,
  }));
}

function setUp(due: DueOrder[], overrides: Partial<ReconcileOrdersDeps> = {}) {
  const did: [string, ...unknown[]][] = [];
  const run = makeReconcileOrders({
    ...telemetry,
    dueOrders: () => Promise.resolve(due),
    postponeCheck: ({ orderId, checkAt }, later) => {
      did.push(["postpone", orderId, checkAt, later]);
      return Promise.resolve(true);
    },
    enqueueOrders: (orderIds) => {
      did.push(["enqueue", ...orderIds]);
      return Promise.resolve([]);
    },
    waitingMessages: () => Promise.resolve(0),
    maximumConcurrency: 5,
    nextCheckSeconds: 300,
    now: () => NOW,
    ...overrides,
  });
  return {
    run,
    did,
    sent: () => did.filter(([what]) => what === "enqueue").map(([, ...orderIds]) => orderIds),
    postponed: () => did.filter(([what]) => what === "postpone").map(([, orderId]) => orderId),
  };
}

const report = (fields: object): unknown =>
  expect.objectContaining({ message: "orders reconciled", ...fields });
const broken = () => Promise.reject(new Error("broken"));

describe("reconcile-orders", () => {
  it("does nothing when nothing is due", async () => {
    const { run, did } = setUp([]);
    await run();
    expect(did).toEqual([]);
    expect(logs).toEqual([{ message: "orders reconciled", overdue: 0, oldestSeconds: 0, sent: 0 }]);
  });

  it("asks for what is due by now", async () => {
    const due = jest.fn(() => Promise.resolve([]));
    await setUp([], { dueOrders: due }).run();
    expect(due.mock.calls).toEqual([[NOW]]);
  });

  it("postpones a due order by 300 s, conditional on what it saw, and then sends a message", async () => {
    const { run, did } = setUp(dueOrders(1));
    await run();
    expect(did).toEqual([
      ["postpone", idOf(0), now - SECOND, now + 300 * SECOND],
      ["enqueue", idOf(0)],
    ]);
  });

  it("goes through the due orders oldest first, ten at once", async () => {
    const { run, did, sent } = setUp(dueOrders(23));
    await run();
    expect(sent()).toEqual([ids(0, 10), ids(10, 10), ids(20, 3)]);
    const steps = did.map(([what]) => what);
    const batch = (count: number) => [...Array<string>(count).fill("postpone"), "enqueue"];
    expect(steps).toEqual([...batch(10), ...batch(10), ...batch(3)]);
    expect(logs).toEqual([report({ overdue: 23, sent: 23 })]);
  });

  it("sends nothing about an order that somebody moved on meanwhile", async () => {
    const { run, sent } = setUp(dueOrders(3), {
      postponeCheck: ({ orderId }) => Promise.resolve(orderId !== idOf(1)),
    });
    await run();
    expect(sent()).toEqual([[idOf(0), idOf(2)]]);
    const all = setUp(dueOrders(3), { postponeCheck: () => Promise.resolve(false) });
    await all.run();
    expect(all.sent()).toEqual([]);
    expect(logs).toEqual([report({ sent: 2 }), report({ sent: 0 })]);
  });
});

describe("the room that reconcile-orders has on the queue", () => {
  it.each([
    [5, 0, 1500],
    [5, 1300, 200],
    [5, 1477, 23],
    [5, 1490, 10],
    [5, 1495, 10],
    [5, 50_000, 10],
    [2, 0, 600],
    [10, 0, 3000],
    [1000, 0, 3000],
    [1000, 299_000, 1000],
  ])("of %i workers with %i waiting messages is %i", async (maximumConcurrency, waiting, room) => {
    const { run, sent, postponed } = setUp(dueOrders(3500), {
      maximumConcurrency,
      waitingMessages: () => Promise.resolve(waiting),
    });
    await run();
    expect(sent().flat()).toEqual(ids(0, room));
    expect(postponed()).toHaveLength(room);
    expect(logs).toEqual([report({ overdue: 3500, sent: room })]);
  });

  it("is ten when the queue's length cannot be read", async () => {
    const { run, sent } = setUp(dueOrders(30), { waitingMessages: broken });
    await run();
    expect(sent()).toEqual([ids(0, 10)]);
    expect(logs).toContainEqual(
      expect.objectContaining({ message: "the queue's length could not be read" }),
    );
  });
});

describe("a run of reconcile-orders", () => {
  it("stops at the first batch that could not be sent, and fails", async () => {
    const { run, sent, postponed } = setUp(dueOrders(30), {
      enqueueOrders: (orderIds) =>
        Promise.resolve(orderIds.includes(idOf(13)) ? [idOf(13), idOf(14)] : []),
    });
    await expect(run()).rejects.toThrow("2 messages could not be sent");
    expect(sent()).toEqual([]);
    expect(postponed()).toEqual(ids(0, 20));
    expect(logs).toEqual([report({ overdue: 30, sent: 10 })]);
  });

  it("stops when the queue cannot be reached", async () => {
    const { run, postponed } = setUp(dueOrders(30), { enqueueOrders: broken });
    await expect(run()).rejects.toThrow("broken");
    expect(postponed()).toEqual(ids(0, 10));
    expect(logs).toEqual([report({ overdue: 30, sent: 0 })]);
  });

  it("goes on when one order of a batch cannot be postponed", async () => {
    const { run, sent } = setUp(dueOrders(12), {
      postponeCheck: ({ orderId }) => (orderId === idOf(3) ? broken() : Promise.resolve(true)),
    });
    await run();
    expect(sent()).toEqual([[...ids(0, 3), ...ids(4, 6)], ids(10, 2)]);
    expect(logs).toEqual([
      {
        message: "order could not be postponed",
        orderId: idOf(3),
        error: "Error",
        reason: "broken",
      },
      report({ overdue: 12, sent: 11 }),
    ]);
  });

  it("stops when none of a batch can be postponed", async () => {
    let postponed = 0;
    const { run, sent } = setUp(dueOrders(30), {
      postponeCheck: () => {
        postponed += 1;
        return broken();
      },
    });
    await expect(run()).rejects.toThrow("no order of a batch could be postponed");
    expect(sent()).toEqual([]);
    expect(postponed).toBe(10);
    expect(logs.at(-1)).toEqual(report({ overdue: 30, sent: 0 }));
  });

  it("fails when what is due cannot be read", async () => {
    const { run, did } = setUp([], { dueOrders: broken });
    await expect(run()).rejects.toThrow("broken");
    expect(did).toEqual([]);
  });

  it("starts no batch after 45 s, and does not fail then", async () => {
    let clock = now;
    const { run, sent } = setUp(dueOrders(100), {
      now: () => new Date(clock),
      waitingMessages: () => Promise.resolve(0),
      postponeCheck: () => {
        clock += SECOND;
        return Promise.resolve(true);
      },
    });
    await run();
    // Batches start after 0, 10, 20, 30 and 40 s.
    expect(sent()).toHaveLength(5);
    expect(logs).toEqual([report({ overdue: 100, sent: 50 })]);
  });

  it("postpones from the moment of each order's turn", async () => {
    let clock = now;
    const times: number[] = [];
    const { run } = setUp(dueOrders(20), {
      now: () => new Date(clock),
      postponeCheck: (_due, checkAt) => {
        times.push(checkAt);
        return Promise.resolve(true);
      },
      enqueueOrders: () => {
        clock += 7 * SECOND;
        return Promise.resolve([]);
      },
    });
    await run();
    expect([times[0], times[10]]).toEqual([now + 300 * SECOND, now + 307 * SECOND]);
  });

  it("reports the age of the oldest order, since when nobody moved it on", async () => {
    const [first, second] = dueOrders(2);
    if (!first || !second) throw new Error("there are two");
    const seen = { ...second, overdueSince: now - 3600 * SECOND };
    await setUp([first, seen]).run();
    expect(logs).toEqual([report({ overdue: 2, oldestSeconds: 3600 })]);
  });

  it("brings an order back whose wait is over, and counts it as overdue only when that has not helped", async () => {
    const [waited] = dueOrders(1);
    if (!waited) throw new Error("no order");
    const atItsEnd = setUp([{ ...waited, overdueSince: now + 120 * SECOND }]);
    await atItsEnd.run();
    expect(atItsEnd.sent()).toEqual([[waited.orderId]]);
    expect(logs).toEqual([report({ overdue: 0, oldestSeconds: 0, sent: 1 })]);
    await setUp([{ ...waited, overdueSince: now - 7 * SECOND }]).run();
    expect(logs.at(-1)).toEqual(report({ overdue: 1, oldestSeconds: 7 }));
  });
});
