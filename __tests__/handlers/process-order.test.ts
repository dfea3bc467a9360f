import { FAILURE_REASON, type StoredOrder, UNDO_FAILURE } from "../../handlers/life";
import type { ProcessOrderDeps } from "../../handlers/process-order";
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
const SECOND = 1000;
/** Of a first attempt: as long as it can take, and 10 s. */
const FIRST_LEASE = { workUntil: now + 30 * SECOND, leaseUntil: now + 40 * SECOND };
const at = NOW.toISOString();

const key = `${ORDER_ID}/0/a`;
const FAILURE = { why: "Error" };
const text: unknown = "closed";
const ACKNOWLEDGED: string[] = [];
const AGAIN = ["message-0"];

describe("the message of a new order", () => {
  it("takes one claim, the step, one end, one publish, one stamp, and nothing else", async () => {
    const { deliver, did, notified } = makeWorker({ stored: [aStoredOrder()] });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did).toEqual([
      ["claimNew", FIRST_LEASE],
      ["step", key],
      ["end", { attempt: 1 }, { status: "COMPLETED", totals: TOTALS }, undefined],
      ["publish", "COMPLETED"],
      ["stamp", "COMPLETED", { redrives: 0, attempt: 1 }],
    ]);
    expect(notified).toEqual([
      {
        orderId: ORDER_ID,
        customerId: "customer-1",
        status: "COMPLETED",
        redrives: 0,
        totals: TOTALS,
      },
    ]);
    expect(logs).toEqual([{ message: "order completed", orderId: ORDER_ID }]);
  });

  it("writes the times of its clock", async () => {
    const times: Date[] = [];
    let clock = now;
    const claimed = processing(FIRST_LEASE);
    const { deliver } = makeWorker({
      now: () => new Date((clock += SECOND)),
      claimNewOrder: (_orderId, _lease, time) => {
        times.push(time);
        return Promise.resolve({ ok: true, stored: claimed });
      },
      endOrder: (_claimed, _end, _checkAt, time) => {
        times.push(time);
        return Promise.resolve({ ok: true, stored: completed() });
      },
      recordNotified: (_ended, time) => {
        times.push(time);
        return Promise.resolve({ ok: true, stored: completed() });
      },
    });
    await deliver();
    const [claim, end, stamp] = times.map((time) => time.getTime());
    expect(claim).toBe(now + SECOND);
    expect(end).toBeGreaterThan(Number(claim));
    expect(stamp).toBeGreaterThan(Number(end));
  });

  it("starts with a read when it was received before: a refused claim costs more", async () => {
    const { deliver, did } = makeWorker({ stored: [aStoredOrder()] });
    expect(await deliver(2)).toEqual(ACKNOWLEDGED);
    expect(did.slice(0, 3)).toEqual([
      ["read"],
      ["claim", { attempt: 0 }, FIRST_LEASE],
      ["step", key],
    ]);
  });

  it("starts with a read when the lease would outlast the reconciler's first look", async () => {
    const sentAt = (secondsAgo: number) => new Date(now - secondsAgo * SECOND);
    const fresh = makeWorker({ stored: [aStoredOrder()] });
    await fresh.deliver(1, sentAt(79));
    expect(fresh.did[0]).toEqual(["claimNew", FIRST_LEASE]);
    const old = makeWorker({ stored: [aStoredOrder()] });
    await old.deliver(1, sentAt(80));
    expect(old.did[0]).toEqual(["read"]);
  });

  it("has a lease with jitter", async () => {
    const { deliver, did } = makeWorker({ stored: [aStoredOrder()], random: () => 0.5 });
    await deliver();
    expect(did[0]).toEqual([
      "claimNew",
      { workUntil: now + 30 * SECOND, leaseUntil: now + 41 * SECOND },
    ]);
  });
});

describe("a claim that is refused", () => {
  const refusedBy = (stored: StoredOrder): WorkerOverrides => ({
    claimNewOrder: () => Promise.resolve({ ok: false, stored }),
  });

  it("is decided again from the order that came back: claimed under what was seen", async () => {
    const tried = processing({ redrives: 1, attempt: 3, tries: 3, leaseUntil: now });
    const { deliver, did, notified } = makeWorker({ ...refusedBy(tried), stored: [tried] });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(notified).toMatchObject([{ redrives: 1 }]);
    const leaseUntil = now + (30 + 80) * SECOND;
    expect(did).toEqual([
      ["claim", { attempt: 3 }, { workUntil: now + 30 * SECOND, leaseUntil }],
      ["step", `${ORDER_ID}/1/a`],
      ["end", { attempt: 4 }, { status: "COMPLETED", totals: TOTALS }, undefined],
      ["publish", "COMPLETED"],
      ["stamp", "COMPLETED", { redrives: 1, attempt: 4 }],
    ]);
  });

  it("waits for a live lease, without another call for the order", async () => {
    const { deliver, did } = makeWorker(refusedBy(processing({ leaseUntil: now + 7001 })));
    expect(await deliver()).toEqual(AGAIN);
    expect(did).toEqual([["hide", "receipt-0", 8]]);
  });

  it("publishes an end that nobody was notified of", async () => {
    const { deliver, did } = makeWorker(refusedBy(completed()));
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did).toEqual([
      ["publish", "COMPLETED"],
      ["stamp", "COMPLETED", { redrives: 0, attempt: 1 }],
    ]);
  });

  it("leaves an order alone whose customer was notified", async () => {
    const { deliver, did } = makeWorker(refusedBy(completed({ notifiedAt: at })));
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did).toEqual([]);
  });

  it("twice in a row is decided again too: another worker was faster", async () => {
    const free = processing({ leaseUntil: now });
    const leased = processing({ attempt: 2, tries: 2, leaseUntil: now + 9 * SECOND });
    const { deliver, did } = makeWorker({
      ...refusedBy(free),
      claimOrder: () => Promise.resolve({ ok: false, stored: leased }),
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(did).toEqual([["hide", "receipt-0", 9]]);
  });

  it("again and again ends, and comes back later", async () => {
    let claims = 0;
    const free = processing({ leaseUntil: now });
    const { deliver, did } = makeWorker({
      ...refusedBy(free),
      claimOrder: () => {
        claims += 1;
        return Promise.resolve({ ok: false, stored: free });
      },
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(claims).toBe(10);
    expect(did).toEqual([["hide", "receipt-0", 10]]);
  });
});

describe("a worker that was frozen until its time was over", () => {
  const frozenAfter = (stored: StoredOrder) => {
    let clock = now;
    return makeWorker({
      stored: [stored],
      now: () => new Date(clock),
      claimOrder: (seen, lease) => {
        clock = lease.workUntil;
        return Promise.resolve({ ok: true, stored: { ...seen, ...lease } });
      },
      beginUndo: (seen, _ending, lease) => {
        clock = lease.workUntil;
        return Promise.resolve({ ok: true, stored: { ...seen, ...lease } });
      },
    });
  };

  it.each([
    ["the step", processing()],
    ["the undo", processing({ attempt: 20, tries: 20 })],
  ])("does not begin %s, and writes nothing", async (_name, stored) => {
    const { deliver, did } = frozenAfter(stored);
    expect(await deliver(2)).toEqual(AGAIN);
    expect(did).toEqual([["read"], ["hide", "receipt-0", 20]]);
  });
});

describe("a business step that throws", () => {
  it("releases the order with a backoff, and hides the message for as long", async () => {
    const { deliver, did } = makeWorker({ stored: [aStoredOrder()], fulfilOrder: closed });
    expect(await deliver()).toEqual(AGAIN);
    expect(did).toEqual([
      ["claimNew", FIRST_LEASE],
      ["release", { attempt: 1 }, { leaseUntil: now + 10 * SECOND }, FAILURE],
      ["hide", "receipt-0", 10],
    ]);
    expect(logs).toContainEqual({
      message: "attempt failed",
      orderId: ORDER_ID,
      attempt: 1,
      step: undefined,
      error: "Error",
      reason: "closed",
    });
  });

  it("counts its backoff from the moment of the failure", async () => {
    let clock = now;
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      now: () => new Date(clock),
      fulfilOrder: () => {
        clock += 20 * SECOND;
        return closed();
      },
    });
    await deliver();
    expect(did[1]).toEqual([
      "release",
      { attempt: 1 },
      { leaseUntil: clock + 10 * SECOND },
      FAILURE,
    ]);
  });

  it("has its message acknowledged when the wait is long: the reconciler sends another", async () => {
    const hidden = makeWorker({ stored: [processing({ tries: 4 })], fulfilOrder: closed });
    expect(await hidden.deliver(2)).toEqual(AGAIN);
    expect(hidden.did.at(-1)).toEqual(["hide", "receipt-0", 160]);

    const long = makeWorker({ stored: [processing({ tries: 5 })], fulfilOrder: closed });
    expect(await long.deliver(2)).toEqual(ACKNOWLEDGED);
    const leaseUntil = now + 320 * SECOND;
    expect(long.did.at(-1)).toEqual(["release", { attempt: 2 }, { leaseUntil }, FAILURE]);
    expect(long.table.get(ORDER_ID)?.checkAt).toBeGreaterThan(leaseUntil);
  });

  it("hides for 300 s at most", async () => {
    const wait = async (milliseconds: number) => {
      const { deliver, did } = makeWorker({
        stored: [processing({ leaseUntil: now + milliseconds })],
      });
      return [await deliver(2), ...did.slice(1)];
    };
    expect(await wait(300 * SECOND)).toEqual([AGAIN, ["hide", "receipt-0", 300]]);
    expect(await wait(300 * SECOND + 1)).toEqual([ACKNOWLEDGED]);
  });

  it.each([
    ["throws what is no error", () => Promise.reject(text as Error)],
    [
      "throws at once",
      () => {
        throw new Error("closed");
      },
    ],
    ["returns nothing", () => Promise.resolve(undefined as never)],
    ["returns something else", () => Promise.resolve({ rejected: 7 } as never)],
  ])("is one that %s, too", async (_name, fulfilOrder: ProcessOrderDeps["fulfilOrder"]) => {
    const { deliver, did } = makeWorker({ stored: [aStoredOrder()], fulfilOrder });
    expect(await deliver()).toEqual(AGAIN);
    expect(did.at(-2)).toEqual([
      "release",
      { attempt: 1 },
      { leaseUntil: now + 10 * SECOND },
      { why: expect.any(String) },
    ]);
  });

  it("does not release an order that another worker has claimed since", async () => {
    const others = processing({ attempt: 2, tries: 2, leaseUntil: now + 50 * SECOND });
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: closed,
      releaseOrder: () => Promise.resolve({ ok: false, stored: others }),
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(did.at(-1)).toEqual(["hide", "receipt-0", 50]);
  });
});

describe("a business step that rejects", () => {
  it("ends the order after its undo, with its reason", async () => {
    const { deliver, did, notified } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: () => Promise.resolve({ rejected: "card declined" }),
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    const ending = { status: "REJECTED", reason: "card declined" };
    expect(did.slice(1)).toEqual([
      ["turn", { attempt: 1 }, ending, FIRST_LEASE],
      ["undo", [], key],
      ["end", { attempt: 2 }, ending, undefined],
      ["publish", "REJECTED"],
      ["stamp", "REJECTED", { redrives: 0, attempt: 2 }],
    ]);
    expect(notified).toMatchObject([{ status: "REJECTED", reason: "card declined" }]);
  });

  it("has a reason of 500 characters at most, of whole ones", async () => {
    const rejected = `${"x".repeat(499)}🍵 and more`;
    const { deliver, notified } = makeWorker({
      stored: [aStoredOrder()],
      fulfilOrder: () => Promise.resolve({ rejected }),
    });
    await deliver();
    expect(notified[0]?.reason).toBe(`${"x".repeat(499)}\ufffd`);
  });
});

describe("an end", () => {
  it("is looked at soon, where the backoff before it was long", async () => {
    const checkAt = now + 7200 * SECOND;
    const { deliver, did } = makeWorker({ stored: [processing({ checkAt })] });
    await deliver(2);
    expect(did).toContainEqual([
      "end",
      { attempt: 2 },
      { status: "COMPLETED", totals: TOTALS },
      now + 120 * SECOND,
    ]);
  });

  it("that is refused because it was written before is recognised, and published", async () => {
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      endOrder: () => Promise.resolve({ ok: false, stored: completed() }),
    });
    expect(await deliver()).toEqual(ACKNOWLEDGED);
    expect(did.slice(2)).toEqual([
      ["publish", "COMPLETED"],
      ["stamp", "COMPLETED", { redrives: 0, attempt: 1 }],
    ]);
  });

  it("of a worker that was too slow is not recorded: another one has the order", async () => {
    const others = processing({ attempt: 2, tries: 2, leaseUntil: now + 50 * SECOND });
    const { deliver, did } = makeWorker({
      stored: [aStoredOrder()],
      endOrder: () => Promise.resolve({ ok: false, stored: others }),
    });
    expect(await deliver()).toEqual(AGAIN);
    expect(did.slice(2)).toEqual([["hide", "receipt-0", 50]]);
  });

  it.each([1, 2, 100])(
    "that cannot be published is not stamped, and left to the reconciler: delivery %i",
    async (receives) => {
      const { deliver, did } = makeWorker({
        stored: [completed()],
        claimNewOrder: () => Promise.resolve({ ok: false, stored: completed() }),
        notifyCustomer: closed,
      });
      expect(await deliver(receives)).toEqual(ACKNOWLEDGED);
      expect(did.filter((call) => String(call) !== "read")).toEqual([]);
      expect(logs).toEqual([
        {
          message: "customer could not be notified",
          orderId: ORDER_ID,
          error: "Error",
          reason: "closed",
        },
        { message: "order completed, notification left to the reconciler", orderId: ORDER_ID },
      ]);
    },
  );
});

describe("an order whose attempts are used up", () => {
  const usedUp = () => processing({ attempt: 20, tries: 20 });

  it("has its undo under a claim of its own, and is FAILED then", async () => {
    const { deliver, did, notified } = makeWorker({ stored: [usedUp()] });
    expect(await deliver(2)).toEqual(ACKNOWLEDGED);
    expect(did).toEqual([
      ["read"],
      ["claim to undo", { attempt: 20 }, { status: "FAILED", reason: FAILURE_REASON }, FIRST_LEASE],
      ["undo", [], key],
      ["end", { attempt: 21 }, { status: "FAILED", reason: FAILURE_REASON }, undefined],
      ["publish", "FAILED"],
      ["stamp", "FAILED", { redrives: 0, attempt: 21 }],
    ]);
    expect(notified).toMatchObject([{ status: "FAILED", reason: FAILURE_REASON }]);
  });

  it("is not undone without the claim", async () => {
    const others = processing({ attempt: 21, tries: 20, ...FIRST_LEASE });
    const { deliver, did } = makeWorker({
      stored: [usedUp()],
      beginUndo: () => Promise.resolve({ ok: false, stored: others }),
    });
    expect(await deliver(2)).toEqual(AGAIN);
    expect(did).toEqual([["read"], ["hide", "receipt-0", 40]]);
  });

  it("is released with a backoff when the undo throws", async () => {
    const { deliver, did } = makeWorker({ stored: [usedUp()], abandonOrder: closed });
    expect(await deliver(2)).toEqual(AGAIN);
    expect(did.slice(2)).toEqual([
      ["release", { attempt: 21 }, { leaseUntil: now + 10 * SECOND }, FAILURE],
      ["hide", "receipt-0", 10],
    ]);
    expect(logs).toContainEqual(
      expect.objectContaining({ message: "undo failed", orderId: ORDER_ID, attempt: 21 }),
    );
  });

  it("is FAILED without another undo when those are used up too, with a reason of its own", async () => {
    const { deliver, did } = makeWorker({
      stored: [processing({ attempt: 40, tries: 20, undoTries: 20 })],
    });
    const reason = `${FAILURE_REASON} ${UNDO_FAILURE}`;
    expect(await deliver(2)).toEqual(ACKNOWLEDGED);
    expect(did.slice(1)).toEqual([
      ["end", { attempt: 40 }, { status: "FAILED", reason, undoFailed: true }, undefined],
      ["publish", "FAILED"],
      ["stamp", "FAILED", { redrives: 0, attempt: 40 }],
    ]);
  });
});
