import type { Kept } from "../../handlers/kept";
import type { StoredOrder, Written } from "../../handlers/life";
import { aStoredOrder, NOW, ORDER_ID } from "../support/orders";
import { forgetTelemetry, logs } from "../support/telemetry";
import {
  closed,
  completed,
  makeWorker,
  processing,
  TOTALS,
  type WorkerOverrides,
} from "../support/worker";

beforeEach(forgetTelemetry);

const now = NOW.getTime();
const at = NOW.toISOString();
const SECOND = 1000;
const ACKNOWLEDGED: string[] = [];
const AGAIN = ["message-0"];

const step = (name: string, result?: unknown) =>
  ({ kind: "step", name, at, ...(result !== undefined && { result }) }) as Kept;
const toBeCancelled = (stored: StoredOrder): StoredOrder => ({
  ...stored,
  order: { ...stored.order, cancelRequestedAt: at },
});
const refused = (stored: StoredOrder): Promise<Written> => Promise.resolve({ ok: false, stored });

/** Charges, waits half an hour, and ships. */
const business: WorkerOverrides["fulfilOrder"] = async (_order, work) => {
  const payment = await work.step("charge", () => Promise.resolve({ id: 7 }));
  await work.wait("pickup", { minutes: 30 });
  await work.step("ship", () => Promise.resolve(payment.id));
  return { totals: TOTALS };
};

/** What was written, and the undo; not the claim that each begins with. */
const writesIn = (did: unknown[]) =>
  did
    .filter((each): each is unknown[] => Array.isArray(each))
    .map(([what, , detail]) => (what === "keep" || what === "pause" ? [what, detail] : [what]));

describe("a business step in steps", () => {
  it("keeps each, waits without a lease, and goes on where it was", async () => {
    let clock = now;
    const worker = makeWorker({
      stored: [aStoredOrder()],
      now: () => new Date(clock),
      fulfilOrder: business,
    });
    expect(await worker.deliver()).toEqual(ACKNOWLEDGED);
    const until = now + 1800 * SECOND;
    expect(writesIn(worker.did)).toEqual([
      ["claimNew"],
      ["keep", step("charge", { id: 7 })],
      ["pause", { kind: "wait", name: "pickup", at, until }],
    ]);
    expect(worker.did.at(-1)).toContainEqual({
      leaseUntil: until,
      checkAt: until,
      overdueSince: until + 120 * SECOND,
    });
    expect(logs.at(-1)).toMatchObject({ message: "order waits: left to the reconciler" });

    worker.did.splice(0);
    clock = until;
    expect(await worker.deliver(2)).toEqual(ACKNOWLEDGED);
    expect(writesIn(worker.did)).toEqual([
      ["read"],
      ["claim"],
      ["keep", { ...step("ship", 7), at: new Date(until).toISOString() }],
      ["end"],
      ["publish"],
      ["stamp"],
    ]);
  });

  it("has its message hidden for a short wait", async () => {
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: async (_order, work) => {
        await work.wait("pickup", { seconds: 90 });
        return { totals: TOTALS };
      },
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(did.at(-1)).toEqual(["hide", "receipt-0", 90]);
  });

  it("begins no step in the last quarter of the worker's time, and goes on after a short pause", async () => {
    let clock = now;
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      now: () => new Date(clock),
      fulfilOrder: async (_order, work) => {
        await work.step("charge", () => (clock += 22.4 * SECOND));
        await work.step("label", () => (clock += 0.1 * SECOND));
        await work.step("ship", () => 1);
        return { totals: TOTALS };
      },
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(writesIn(did).map(([what]) => what)).toEqual([
      "claimNew",
      "keep",
      "keep",
      "release",
      "hide",
    ]);
    expect(did.at(-1)).toEqual(["hide", "receipt-0", 10]);
  });

  it("names the step that threw", async () => {
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: async (_order, work) => {
        await work.step("charge", () => 1);
        await work.step("ship", closed);
        return { totals: TOTALS };
      },
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(did.at(-2)).toEqual([
      "release",
      { attempt: 1 },
      { leaseUntil: now + 10 * SECOND },
      { step: "ship", why: "Error" },
    ]);
    expect(logs[0]).toMatchObject({ message: "attempt failed", step: "ship", attempt: 1 });
  });

  it("never writes an error's text or a strange name into the history", async () => {
    const strange = Object.assign(new Error("jane@example.com"), { name: "jane@example.com" });
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: () => Promise.reject(strange),
    });
    await deliver();
    expect(did.at(-2)).toContainEqual({ why: "Error" });
  });

  it("goes on where the answer to a keep was lost: its repetition was refused", async () => {
    const kept = processing({ kept: [step("charge", { id: 7 })] });
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      keep: () => refused(kept),
      fulfilOrder: async (_order, work) => {
        await work.step("charge", () => ({ id: 7 }));
        return { totals: TOTALS };
      },
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did.at(-3)).toMatchObject(["end", { attempt: 1 }, { status: "COMPLETED" }]);
  });

  it("is over where another worker has the order since", async () => {
    const others = processing({ attempt: 2, leaseUntil: now + 50 * SECOND });
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      keep: () => refused(others),
      fulfilOrder: business,
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(did.slice(1)).toEqual([["hide", "receipt-0", 50]]);
  });

  it("comes back later where the table cannot be written", async () => {
    const { deliver } = makeWorker({
      stored: [aStoredOrder()],
      keep: closed,
      fulfilOrder: business,
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(logs[0]).toMatchObject({ message: "order could not be moved on", reason: "closed" });
  });

  it("whose result cannot be kept fails the order at once, after its undo", async () => {
    const { deliver, did, notified } = makeWorker({
      stored: [aStoredOrder({}, { kept: [step("reserve")] })],
      fulfilOrder: async (_order, work) => {
        await work.step("charge", () => 10n);
        return { totals: TOTALS };
      },
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did).toContainEqual(["undo", ["reserve"], `${ORDER_ID}/0/a`]);
    expect(notified).toMatchObject([
      {
        status: "FAILED",
        reason: 'The result of the step "charge" cannot be kept as JSON: it is a bigint.',
      },
    ]);
  });
});

describe("a request for cancellation while a worker has the order", () => {
  const cancelledMeanwhile = (overrides: WorkerOverrides) =>
    makeWorker({ stored: [aStoredOrder()], fulfilOrder: business, ...overrides });
  const undone = (did: unknown[]) => did.slice(-5).map((each) => (each as unknown[])[0]);
  const UNDONE = ["turn", "undo", "end", "publish", "stamp"];

  it("is seen when a step is kept: the undo has that step", async () => {
    const { deliver, did, notified } = cancelledMeanwhile({
      keep: (seen, kept) =>
        Promise.resolve({ ok: true, stored: toBeCancelled({ ...seen, kept: [kept] }) }),
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(undone(did)).toEqual(UNDONE);
    expect(did.at(-5)).toContainEqual({ status: "CANCELLED" });
    expect(notified).toMatchObject([{ status: "CANCELLED" }]);
  });

  it.each<[string, WorkerOverrides]>([
    [
      "a wait that is refused",
      { pauseOrder: (seen) => refused(toBeCancelled({ ...seen, tries: 0 })) },
    ],
    [
      "a failure that is refused",
      { fulfilOrder: closed, releaseOrder: (seen) => refused(toBeCancelled(seen)) },
    ],
    [
      "a rejection",
      {
        fulfilOrder: () => Promise.resolve({ rejected: "no" }),
        beginUndo: (seen, _ending, lease) =>
          Promise.resolve({
            ok: true,
            stored: toBeCancelled({
              ...seen,
              ...lease,
              attempt: 2,
              ending: { status: "CANCELLED" },
            }),
          }),
      },
    ],
  ])("is seen by %s", async (_name, overrides) => {
    const { deliver, notified } = cancelledMeanwhile(overrides);
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(notified).toMatchObject([{ status: "CANCELLED" }]);
  });

  it("wins over a completion that comes later", async () => {
    let ends = 0;
    const { deliver, did, notified } = makeWorker({ stored: [aStoredOrder()] });
    const racing = makeWorker({
      stored: [aStoredOrder()],
      endOrder: (seen, end) => {
        ends += 1;
        if (end.status !== "CANCELLED") return refused(toBeCancelled(seen));
        const order = { ...seen.order, ...end, cancelRequestedAt: at };
        return Promise.resolve({ ok: true, stored: { ...seen, order } });
      },
    });
    expect(await racing.deliver()).toEqual(ACKNOWLEDGED);
    expect(ends).toBe(2);
    expect(racing.notified).toMatchObject([{ status: "CANCELLED" }]);
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did).toHaveLength(5);
    expect(notified).toMatchObject([{ status: "COMPLETED" }]);
  });

  it("wins over a rejection whose undo is under way", async () => {
    const { deliver, notified, did } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: () => Promise.resolve({ rejected: "no" }),
      endOrder: (seen, end) => {
        if (end.status !== "CANCELLED") return refused(toBeCancelled(seen));
        const order = { ...seen.order, status: end.status };
        return Promise.resolve({ ok: true, stored: { ...seen, order } });
      },
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did.filter((each) => (each as unknown[])[0] === "undo")).toHaveLength(1);
    expect(notified).toMatchObject([{ status: "CANCELLED" }]);
  });

  it("is too late where the order is completed", async () => {
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      endOrder: () => refused(completed()),
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did.at(-1)).toEqual(["stamp", "COMPLETED", { redrives: 0, attempt: 1 }]);
  });
});

describe("an undo in steps", () => {
  const kept = [step("reserve", "shelf 3"), step("charge", { id: 7 })];
  const cancelling = (overrides: WorkerOverrides = {}) =>
    makeWorker({ stored: [toBeCancelled(processing({ kept }))], ...overrides });

  it("gets the steps that were kept, newest first, and keeps its own", async () => {
    const given: unknown[] = [];
    const { deliver, did, notified } = cancelling({
      abandonOrder: async (_order, steps, work) => {
        given.push(...steps);
        await work.step("undo:charge", () => "refunded");
      },
    });
    expect(await deliver(2)).toEqual(ACKNOWLEDGED);
    expect(given).toEqual([
      { step: "charge", at, result: { id: 7 } },
      { step: "reserve", at, result: "shelf 3" },
    ]);
    expect(writesIn(did).slice(1)).toEqual([
      ["claim to undo"],
      ["keep", { kind: "undo", name: "undo:charge", at, result: "refunded" }],
      ["end"],
      ["publish"],
      ["stamp"],
    ]);
    expect(notified).toMatchObject([{ status: "CANCELLED" }]);
  });

  it("does not run a step of its own again", async () => {
    const ran: string[] = [];
    const undo: Kept = { kind: "undo", name: "undo:charge", at };
    const { deliver } = makeWorker({
      stored: [toBeCancelled(processing({ kept: [...kept, undo] }))],
      abandonOrder: async (_order, _steps, work) => {
        await work.step("undo:charge", () => ran.push("charge"));
        await work.step("undo:reserve", () => ran.push("reserve"));
      },
    });
    await deliver(2);
    expect(ran).toEqual(["reserve"]);
  });

  it("that throws is tried again after its backoff", async () => {
    const { deliver, did } = cancelling({ abandonOrder: closed });
    expect(await deliver(2)).toEqual(AGAIN);
    expect(did.slice(2)).toEqual([
      ["release", { attempt: 2 }, { leaseUntil: now + 10 * SECOND }, { why: "Error" }],
      ["hide", "receipt-0", 10],
    ]);
  });

  it("whose result cannot be kept is tried again, as it has no other way to end", async () => {
    const { deliver, did } = cancelling({
      abandonOrder: async (_order, _steps, work) => {
        await work.step("undo:charge", () => 10n);
      },
    });
    expect(await deliver(2)).toEqual(AGAIN);
    expect(did.at(-2)).toContainEqual({ attempt: 2 });
    expect(logs[0]).toMatchObject({
      message: "undo failed",
      reason: expect.stringContaining("bigint"),
    });
  });
});
