import type { StoredOrder, Written } from "../../handlers/life";
import type { Order } from "../../handlers/order";
import {
  type RedriveCommand,
  type RedriveDeps,
  runRedrive,
} from "../../operations/redrive/redrive";
import { aStoredOrder } from "../support/orders";

const NOW = new Date("2026-01-02T12:00:00.000Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds).toISOString();
const id = (n: number) => `${n.toString(16).padStart(8, "0")}-4a8e-4f1d-9a51-2f0d6a1c9e77`;

interface Entry extends StoredOrder {
  overdueSince?: number;
}

function stored(n: number, order: Partial<Order>, fields: Partial<Entry> = {}): Entry {
  const { order: known, ...bookkeeping } = aStoredOrder(
    { orderId: id(n), createdAt: ago(3 * HOUR), ...order },
    { checkAt: 0 },
  );
  return { order: known, ...bookkeeping, ...fields };
}

/** Of 20 attempts; its customer knows. Failed two hours and so many minutes ago. */
function failed(n: number, order: Partial<Order> = {}, fields: Partial<Entry> = {}): Entry {
  const failedAt = ago(2 * HOUR + n * MINUTE);
  const end = { status: "FAILED" as const, reason: "no stock", failedAt, notifiedAt: failedAt };
  return stored(n, { ...end, ...order }, { checkAt: Date.parse(failedAt), attempt: 20, ...fields });
}

const many = (count: number) => Array.from({ length: count }, (_, n) => failed(n));
const ids = (entries: Entry[]) => entries.map(({ order }) => order.orderId);

/** The table as it is at the start; what is redriven in it is RECEIVED afterwards. */
function setUp(entries: Entry[], overrides: Partial<RedriveDeps> = {}) {
  const table = new Map(entries.map((entry) => [entry.order.orderId, entry]));
  const said: string[] = [];
  const written: string[] = [];
  const sent: string[][] = [];
  const asked: string[] = [];
  const indexed = (isIn: (entry: Entry) => boolean) =>
    [...table.values()].filter(isIn).sort((a, b) => a.checkAt - b.checkAt);
  const deps: RedriveDeps = {
    async *failedOrders({ from = 0, to = Infinity }) {
      const isIn = ({ order, checkAt }: Entry) =>
        order.status === "FAILED" && order.notifiedAt !== undefined && checkAt >= from;
      for (const { order, checkAt } of indexed((entry) => isIn(entry) && entry.checkAt <= to)) {
        yield await Promise.resolve({ orderId: order.orderId, failedAt: checkAt });
      }
    },
    async *openOrders() {
      for (const entry of indexed(({ order }) => order.notifiedAt === undefined)) {
        const { order, checkAt, overdueSince } = entry;
        const createdAt = Date.parse(order.createdAt);
        yield await Promise.resolve({ orderId: order.orderId, checkAt, createdAt, overdueSince });
      }
    },
    readOrder: (orderId) => Promise.resolve(table.get(orderId)),
    redriveOrder: (orderId, now, onlyIfUndone): Promise<Written> => {
      const seen = table.get(orderId);
      if (seen?.order.status !== "FAILED" || (onlyIfUndone && seen.order.undoFailed)) {
        return Promise.resolve({ ok: false, stored: seen });
      }
      written.push(orderId);
      const redriven = stored(parseInt(orderId, 16), {}, { redrives: seen.redrives + 1 });
      table.set(orderId, { ...redriven, checkAt: now.getTime() });
      return Promise.resolve({ ok: true, stored: table.get(orderId) });
    },
    enqueueOrders: (orderIds) => {
      sent.push(orderIds);
      return Promise.resolve([]);
    },
    ask: (question) => {
      asked.push(question);
      return Promise.resolve("");
    },
    isStopped: () => false,
    say: (line) => void said.push(line),
    now: () => NOW,
    ...overrides,
  };
  return {
    deps,
    table,
    said,
    written,
    sent,
    asked,
    run: (command: RedriveCommand) => runRedrive(deps, command),
  };
}

const named = (...orderIds: string[]) => ({ kind: "named" as const, orderIds, dryRun: false });
const all = { kind: "all" as const, failedBetween: {}, dryRun: false, yes: true };

describe("npm run redrive", () => {
  it("shows what became of an order, oldest first", async () => {
    const T = NOW.getTime();
    const history: Entry["history"] = [
      { change: "accept", at: T, attempt: 0 },
      { change: "claim", at: T + 1000, attempt: 2, count: 2, firstAt: T + 500 },
      { change: "keep", at: T + 2000, attempt: 2, step: "charge" },
      { change: "wait", at: T + 3000, attempt: 2, step: "pickup", until: T + 60_000 },
      { change: "release", at: T + 4000, attempt: 2, why: "TypeError" },
    ];
    const { run, said } = setUp([stored(0, { status: "PROCESSING" }, { history })]);
    expect(await run({ kind: "history", orderIds: [id(0), id(1), "x"] })).toBe(false);
    expect(said).toEqual([
      `${id(0)}  PROCESSING`,
      "  2026-01-02T12:00:00.000Z  accept  new → RECEIVED  attempt 0",
      "  2026-01-02T12:00:00.500Z to 2026-01-02T12:00:01.000Z  claim × 2  RECEIVED → PROCESSING  attempt 2",
      '  2026-01-02T12:00:02.000Z  keep  PROCESSING  attempt 2  "charge"',
      '  2026-01-02T12:00:03.000Z  wait  PROCESSING  attempt 2  "pickup"  until 2026-01-02T12:01:00.000Z',
      "  2026-01-02T12:00:04.000Z  release  PROCESSING  attempt 2  TypeError",
      `${id(1)}  there is no such order`,
      "x  there is no such order",
    ]);
  });

  it("lists an order that waits as open, and not as overdue", async () => {
    const waits = { attempt: 1, checkAt: NOW.getTime() + HOUR, overdueSince: NOW.getTime() + HOUR };
    const { run, said } = setUp([stored(0, { status: "PROCESSING" }, waits)]);
    expect(await run({ kind: "open" })).toBe(true);
    expect(said).toEqual([
      `${id(0)}  PROCESSING  attempt 1  next look in 1 h  age 3 h`,
      "1 order open, 0 overdue.",
    ]);
  });

  it("lists FAILED orders, oldest first, with age, redrives and reason, and writes nothing", async () => {
    const { run, said, written, sent } = setUp([failed(0), failed(75, {}, { redrives: 2 })]);
    expect(await run({ kind: "failed", failedBetween: {} })).toBe(true);
    expect(said).toEqual([
      `${id(75)}  failed 3 h ago  redrives 2  no stock`,
      `${id(0)}  failed 2 h ago  redrives 0  no stock`,
      "2 orders FAILED and notified. Name those to redrive, or --all.",
    ]);
    expect([written, sent]).toEqual([[], []]);
  });

  it("lists those within limits only", async () => {
    const { run, said } = setUp([failed(0), failed(30), failed(75)]);
    const failedBetween = { newerThan: 3 * HOUR, olderThan: 2 * HOUR + MINUTE };
    expect(await run({ kind: "failed", failedBetween })).toBe(true);
    expect(said[0]).toContain(id(30));
    expect(said).toHaveLength(2);
  });

  it("leaves out orders that are no longer FAILED when they are read", async () => {
    const { run, said } = setUp(many(2), {
      readOrder: (orderId) =>
        Promise.resolve(orderId === id(0) ? stored(0, { status: "RECEIVED" }) : failed(1)),
    });
    expect(await run({ kind: "failed", failedBetween: {} })).toBe(true);
    expect(said).toEqual([
      expect.stringContaining(id(1)),
      "1 order FAILED and notified. Name those to redrive, or --all.",
    ]);
  });

  it("reports a list that was cut short, with the count so far", async () => {
    const { run, said } = setUp(many(25), {
      readOrder: (orderId) =>
        orderId === id(0) ? Promise.reject(new Error("throttled")) : Promise.resolve(failed(1)),
    });
    expect(await run({ kind: "failed", failedBetween: {} })).toBe(false);
    expect(said.slice(-2)).toEqual([
      "The list is not complete: throttled",
      "20 orders FAILED and notified. Name those to redrive, or --all.",
    ]);
  });
});

describe("npm run redrive -- --open", () => {
  const now = NOW.getTime();

  it("lists what is open, the longest due first, with status, attempt, next look and age", async () => {
    const processing = { status: "PROCESSING" as const };
    const { run, said, written, sent } = setUp([
      stored(1, { createdAt: ago(90_000) }, { checkAt: now + 30_000 }),
      stored(2, processing, { attempt: 3, checkAt: now + 4 * MINUTE, overdueSince: now - HOUR }),
      stored(3, processing, { attempt: 1, checkAt: now - 2 * HOUR }),
      stored(4, { status: "COMPLETED" }, { attempt: 1, checkAt: now + MINUTE }),
      stored(5, { status: "COMPLETED", notifiedAt: ago(0) }),
      failed(6),
    ]);
    expect(await run({ kind: "open" })).toBe(true);
    expect(said).toEqual([
      `${id(3)}  PROCESSING  attempt 1  next look overdue 2 h  age 3 h`,
      `${id(1)}  RECEIVED    attempt 0  next look in 30 s  age 1 min`,
      `${id(4)}  COMPLETED, not notified  attempt 1  next look in 1 min  age 3 h`,
      `${id(2)}  PROCESSING  attempt 3  next look in 4 min  age 3 h  not moved on for 1 h`,
      "4 orders open, 2 overdue.",
    ]);
    expect([written, sent]).toEqual([[], []]);
  });

  it("leaves out orders that have ended and been notified when they are read", async () => {
    const { run, said } = setUp([stored(1, {})], {
      readOrder: () => Promise.resolve(stored(1, { status: "COMPLETED", notifiedAt: ago(0) })),
    });
    expect(await run({ kind: "open" })).toBe(true);
    expect(said).toEqual(["0 orders open, 0 overdue."]);
  });

  it("stops when it is asked to, and reports the count so far", async () => {
    const entries = Array.from({ length: 25 }, (_, n) => stored(n, {}, { checkAt: now + n + 1 }));
    let reads = 0;
    const { run, said, deps } = setUp(entries, { isStopped: () => reads >= 10 });
    const read = deps.readOrder.bind(deps);
    deps.readOrder = (orderId) => ((reads += 1), read(orderId));
    expect(await run({ kind: "open" })).toBe(false);
    expect(said.slice(-2)).toEqual([
      "The list is not complete: stopped",
      "10 orders open, 0 overdue.",
    ]);
  });
});

describe("npm run redrive -- <orderId> …", () => {
  it("writes each once, even if it is named twice, and then sends its message", async () => {
    const { run, said, written, sent, asked } = setUp(many(2));
    expect(await run(named(id(0), id(1), id(0)))).toBe(true);
    expect(written).toEqual([id(0), id(1)]);
    expect(sent).toEqual([[id(0), id(1)]]);
    expect(said).toEqual(["2 orders redriven, 0 refused, 0 not reached."]);
    expect(asked).toEqual([]);
  });

  it("takes a FAILED order that is not notified yet", async () => {
    const { notifiedAt: _notifiedAt, ...order } = failed(0).order;
    const { run, sent } = setUp([{ ...failed(0), order }]);
    expect(await run(named(id(0)))).toBe(true);
    expect(sent).toEqual([[id(0)]]);
  });

  it("refuses orders that are not FAILED, with what becomes of each, and redrives the rest", async () => {
    const now = NOW.getTime();
    const { run, said, sent } = setUp([
      failed(0),
      stored(1, {}, { checkAt: now + 90_000 }),
      stored(2, { status: "PROCESSING" }, { checkAt: now - HOUR }),
      stored(3, { status: "COMPLETED" }, { checkAt: now + 2 * MINUTE }),
      stored(4, { status: "REJECTED", notifiedAt: ago(0) }),
    ]);
    expect(await run(named("../etc", id(0), id(1), id(2), id(3), id(4), id(5)))).toBe(false);
    expect(sent).toEqual([[id(0)]]);
    expect(said).toEqual([
      "../etc  is not an order's id",
      `${id(1)}  is RECEIVED, not FAILED: it goes on without a redrive, the reconciler looks at it in 1 min`,
      `${id(2)}  is PROCESSING, not FAILED: it goes on without a redrive, the reconciler's look is overdue by 1 h`,
      `${id(3)}  is COMPLETED, not FAILED: its notification is sent without a redrive, the reconciler looks at it in 2 min`,
      `${id(4)}  is REJECTED, not FAILED, and notified: nothing is left to do`,
      `${id(5)}  there is no such order`,
      "1 order redriven, 6 refused, 0 not reached.",
    ]);
  });

  it("redrives nothing twice when it is run again", async () => {
    const { run, said, written, sent } = setUp(many(1));
    await run(named(id(0)));
    expect(await run(named(id(0)))).toBe(false);
    expect([written, sent]).toEqual([[id(0)], [[id(0)]]]);
    expect(said.at(-1)).toBe("0 orders redriven, 1 refused, 0 not reached.");
  });

  it("leaves a message that could not be sent to the reconciler, and succeeds", async () => {
    const { run, said, written } = setUp(many(3), {
      enqueueOrders: (orderIds) => Promise.resolve(orderIds.slice(0, 1)),
    });
    expect(await run(named(...ids(many(3))))).toBe(true);
    expect(written).toHaveLength(3);
    expect(said).toEqual([
      "3 orders redriven, 0 refused, 0 not reached. 1 of the redriven has no message yet: the reconciler sends it within minutes.",
    ]);
  });

  it("goes on sending when single messages of a batch fail", async () => {
    const sent: string[] = [];
    const { run, said } = setUp(many(20), {
      enqueueOrders: (orderIds) => {
        sent.push(...orderIds);
        return Promise.resolve(orderIds.slice(0, 1));
      },
    });
    expect(await run(named(...ids(many(20))))).toBe(true);
    expect(sent).toHaveLength(20);
    expect(said).toEqual([
      "20 orders redriven, 0 refused, 0 not reached. 2 of the redriven have no message yet: the reconciler sends them within minutes.",
    ]);
  });

  it("redrives an order whose undo has failed by its id only", async () => {
    const orders = [failed(0, { undoFailed: true }), failed(1)];
    const { run, said, written } = setUp(orders);
    expect(await run(all)).toBe(false);
    expect(written).toEqual([id(1)]);
    expect(said).toContain(
      `${id(0)}  its undo has failed, and a new life may charge again: look at it, then redrive it by its id`,
    );
    expect(await run(named(id(0)))).toBe(true);
    expect(written).toEqual([id(1), id(0)]);
  });

  it("stops at a failed write, sends the messages of what it wrote, and reports all counts", async () => {
    const { run, said, sent, deps } = setUp(many(25));
    const write = deps.redriveOrder.bind(deps);
    deps.redriveOrder = (orderId, now, onlyIfUndone) =>
      orderId === id(14)
        ? Promise.reject(new Error("throttled"))
        : write(orderId, now, onlyIfUndone);
    expect(await run(named(...ids(many(25))))).toBe(false);
    expect(sent.map((batch) => batch.length)).toEqual([10, 9]);
    expect(said).toEqual([
      `${id(14)}  could not be written: throttled`,
      "19 orders redriven, 0 refused, 5 not reached. Of 1 it is not known: run it again, no order is redriven twice.",
    ]);
  });

  it("reports in a dry run what would be redriven and refused, and writes nothing", async () => {
    const { run, said, written, sent } = setUp([failed(0), stored(1, {}, { checkAt: 0 })]);
    const dryRun = { ...named(id(0), id(0), id(1), "x"), dryRun: true };
    expect(await run(dryRun)).toBe(false);
    expect([written, sent]).toEqual([[], []]);
    expect(said).toEqual([
      "x  is not an order's id",
      expect.stringContaining(`${id(1)}  is RECEIVED, not FAILED`),
      "Dry run: 1 order would be redriven, 2 refused.",
    ]);
    expect(await run({ ...named(id(0)), dryRun: true })).toBe(true);
  });
});

describe("npm run redrive -- --all", () => {
  const counted =
    "2 orders FAILED and notified; the oldest failed 3 h ago (2026-01-02T08:45:00.000Z), the newest 2 h ago (2026-01-02T10:00:00.000Z).";
  const two = () => [failed(0), failed(75)];

  it("prints the count, and goes ahead only when it is typed", async () => {
    const asked: string[] = [];
    const ask = (question: string) => Promise.resolve((asked.push(question), " 2\n"));
    const { run, said, sent } = setUp(two(), { ask });
    expect(await run({ ...all, yes: false })).toBe(true);
    expect(asked).toEqual(["Type 2 to redrive them: "]);
    expect(said).toEqual([counted, "2 orders redriven, 0 refused, 0 not reached."]);
    expect(sent).toEqual([[id(75), id(0)]]);
  });

  it.each(["", "y", "20", "1"])("does nothing when it is answered %j", async (answer) => {
    const { run, said, written } = setUp(two(), { ask: () => Promise.resolve(answer) });
    expect(await run({ ...all, yes: false })).toBe(false);
    expect(written).toEqual([]);
    expect(said).toEqual([counted, "None was redriven."]);
  });

  it("asks nothing with --yes, and refuses without it when there is no terminal", async () => {
    const { run, said, written } = setUp(two(), { ask: undefined });
    expect(await run({ ...all, yes: false })).toBe(false);
    expect(written).toEqual([]);
    expect(said).toEqual([
      counted,
      "There is no terminal to ask: --yes redrives them without a question. None was redriven.",
    ]);
    expect(await run(all)).toBe(true);
    expect(written).toHaveLength(2);
  });

  it("redrives those within the limits", async () => {
    const { run, written } = setUp([failed(0), failed(30), failed(75)]);
    const failedBetween = { newerThan: 3 * HOUR, olderThan: 2 * HOUR + MINUTE };
    expect(await run({ ...all, failedBetween })).toBe(true);
    expect(written).toEqual([id(30)]);
  });

  it("redrives what it counted, and not what failed while it asked", async () => {
    const { run, table, written } = setUp(many(2), {
      ask: () => {
        table.set(id(2), failed(2));
        return Promise.resolve("2");
      },
    });
    expect(await run({ ...all, yes: false })).toBe(true);
    expect(written).toEqual([id(1), id(0)]);
  });

  it("asks nothing when there are none", async () => {
    const { run, said, asked } = setUp([]);
    expect(await run({ ...all, yes: false })).toBe(true);
    expect([said, asked]).toEqual([["0 orders FAILED and notified."], []]);
  });

  it("changes and asks nothing in a dry run", async () => {
    const { run, said, written, asked } = setUp(two());
    expect(await run({ ...all, yes: false, dryRun: true })).toBe(true);
    expect([written, asked]).toEqual([[], []]);
    expect(said).toEqual([counted, "Dry run: 2 orders would be redriven."]);
  });

  it("redrives ten at a time, and reports progress every hundred", async () => {
    const { run, said, sent } = setUp(many(205));
    expect(await run(all)).toBe(true);
    expect(sent.flat()).toHaveLength(205);
    expect(Math.max(...sent.map((batch) => batch.length))).toBe(10);
    expect(said.slice(1)).toEqual([
      "100 of 205 done",
      "200 of 205 done",
      "205 orders redriven, 0 refused, 0 not reached.",
    ]);
  });

  it("stops after the batch at hand, with the same summary", async () => {
    const sent: string[] = [];
    const { run, said, written } = setUp(many(35), {
      enqueueOrders: (orderIds) => Promise.resolve((sent.push(...orderIds), [])),
      isStopped: () => sent.length === 20,
    });
    expect(await run(all)).toBe(false);
    expect([written.length, sent.length]).toEqual([20, 20]);
    expect(said.at(-1)).toBe("20 orders redriven, 0 refused, 15 not reached.");
  });

  it("redrives nothing when it is stopped while counting", async () => {
    const { run, said, written } = setUp(many(3), { isStopped: () => true });
    expect(await run(all)).toBe(false);
    expect([said, written]).toEqual([["None was redriven."], []]);
  });

  it("goes on without messages when SQS fails, and leaves them to the reconciler", async () => {
    let tries = 0;
    const { run, said, written } = setUp(many(30), {
      enqueueOrders: () => ((tries += 1), Promise.reject(new Error("no route to host"))),
    });
    expect(await run(all)).toBe(true);
    expect([written.length, tries]).toEqual([30, 1]);
    expect(said.slice(1)).toEqual([
      "Messages cannot be sent (no route to host): the reconciler sends them from here on.",
      "30 orders redriven, 0 refused, 0 not reached. 30 of the redriven have no message yet: the reconciler sends them within minutes.",
    ]);
  });
});
