import fc from "fast-check";
import {
  backoffPause,
  checkAtEnd,
  checkCancellationAt,
  decide,
  type Decision,
  FAILURE_REASON,
  firstLease,
  type Lease,
  type StoredOrder,
  UNDO_FAILURE,
  waitPause,
} from "../../handlers/life";
import { END_STATUSES, type OrderStatus } from "../../handlers/order";
import { aStoredOrder, NOW, POLICY } from "../support/orders";

const now = NOW.getTime();
const { maxAttempts } = POLICY;
const SECOND = 1000;
const HOUR = 3600 * SECOND;

const stored = (
  status: OrderStatus,
  bookkeeping: Partial<Omit<StoredOrder, "order">> = {},
  notifiedAt?: string,
) => aStoredOrder({ status, ...(notifiedAt !== undefined && { notifiedAt }) }, bookkeeping);
const REJECTED = { status: "REJECTED", reason: "sold out" } as const;
const toBeCancelled = (bookkeeping: Partial<Omit<StoredOrder, "order">> = {}) =>
  aStoredOrder({ status: "PROCESSING", cancelRequestedAt: NOW.toISOString() }, bookkeeping);
const decided = (order: StoredOrder, random = 0) => decide(order, now, POLICY, random);

function leaseIn(decision: Decision): Lease {
  if (!("lease" in decision)) throw new Error(`"${decision.next}" has no lease`);
  return decision.lease;
}

describe("what is to be done with an order", () => {
  it.each<[string, StoredOrder, Decision["next"]]>([
    ["a new one", stored("RECEIVED"), "attempt"],
    ["one whose lease is over", stored("PROCESSING", { tries: 1, leaseUntil: now }), "attempt"],
    ["one that has one attempt left", stored("PROCESSING", { tries: maxAttempts - 1 }), "attempt"],
    ["one that has none left", stored("PROCESSING", { tries: maxAttempts }), "undo"],
    ["one whose undo has begun", stored("PROCESSING", { ending: REJECTED }), "undo"],
    ["one to be cancelled", toBeCancelled(), "undo"],
    ["one whose undo is tried again", toBeCancelled({ undoTries: 19 }), "undo"],
    ["one whose undo has used up its tries", toBeCancelled({ undoTries: 20 }), "end"],
    ["one to be cancelled that is worked on", toBeCancelled({ leaseUntil: now + 1 }), "wait"],
    ["one with a live lease", stored("PROCESSING", { tries: 1, leaseUntil: now + 1 }), "wait"],
    ["one whose undo is under way", stored("PROCESSING", { tries: 40, leaseUntil: 9e15 }), "wait"],
    ["a redriven one", stored("RECEIVED", { redrives: 3 }), "attempt"],
  ])("%s", (_name, order, next) => {
    expect(decided(order).next).toBe(next);
  });

  it("is to notify of an end, once", () => {
    for (const status of END_STATUSES) {
      expect(decided(stored(status))).toEqual({ next: "notify" });
      expect(decided(stored(status, {}, NOW.toISOString()))).toEqual({ next: "nothing" });
    }
  });

  it("is to wait for the end of another's lease", () => {
    const leaseUntil = now + 7 * SECOND;
    expect(decided(stored("PROCESSING", { leaseUntil }))).toEqual({
      next: "wait",
      until: leaseUntil,
    });
  });

  it("is to end in the way that was decided before the undo; a cancellation outdoes it", () => {
    const ending = (order: StoredOrder) => {
      const decision = decided(order);
      return "ending" in decision && decision.ending;
    };
    expect(ending(stored("PROCESSING", { tries: maxAttempts }))).toEqual({
      status: "FAILED",
      reason: FAILURE_REASON,
    });
    expect(ending(stored("PROCESSING", { tries: maxAttempts, ending: REJECTED }))).toBe(REJECTED);
    expect(ending(toBeCancelled({ tries: maxAttempts, ending: REJECTED }))).toEqual({
      status: "CANCELLED",
    });
  });

  it("says when an undo failed for good, and in the reason that a person must look", () => {
    const ended = (bookkeeping: Partial<Omit<StoredOrder, "order">>) =>
      decided(stored("PROCESSING", { undoTries: maxAttempts, ...bookkeeping }));
    expect(ended({ tries: maxAttempts })).toEqual({
      next: "end",
      end: { status: "FAILED", reason: `${FAILURE_REASON} ${UNDO_FAILURE}`, undoFailed: true },
    });
    expect(ended({ ending: REJECTED })).toEqual({
      next: "end",
      end: { status: "REJECTED", reason: `sold out ${UNDO_FAILURE}`, undoFailed: true },
    });
    expect(decided(toBeCancelled({ undoTries: maxAttempts }))).toEqual({
      next: "end",
      end: { status: "CANCELLED", reason: UNDO_FAILURE, undoFailed: true },
    });
  });
});

describe("a lease", () => {
  const secondsOf = (bookkeeping: Partial<Omit<StoredOrder, "order">>, random = 0) => {
    const { workUntil, leaseUntil } = leaseIn(decided(stored("PROCESSING", bookkeeping), random));
    expect(workUntil).toBe(now + POLICY.timeoutSeconds * SECOND);
    return (leaseUntil - workUntil) / SECOND;
  };
  const secondsAt = (tries: number, random = 0) => secondsOf({ tries }, random);

  it("is as long as an attempt can take, and then a backoff of 10 s × 2^(n-1), at most 1 h", () => {
    const backoffs = Array.from({ length: maxAttempts }, (_, tries) => secondsAt(tries));
    const doubled = [10, 20, 40, 80, 160, 320, 640, 1280, 2560];
    expect(backoffs).toEqual([...doubled, ...Array<number>(11).fill(3600)]);
  });

  it("starts with 10 s again for the undo", () => {
    const undo = (undoTries: number) => secondsOf({ tries: maxAttempts, undoTries });
    expect([0, 1, 9, 19].map(undo)).toEqual([10, 20, 3600, 3600]);
  });

  it("has a jitter of 0 to 20 %, upwards only", () => {
    expect([0, 0.5, 1].map((random) => secondsAt(0, random))).toEqual([10, 11, 12]);
    expect([0, 0.5, 1].map((random) => secondsAt(15, random))).toEqual([3600, 3960, 4320]);
  });

  it("is in whole milliseconds, as DynamoDB and SQS compare them", () => {
    expect(Number.isInteger(leaseIn(decided(stored("RECEIVED"), 1 / 3)).leaseUntil)).toBe(true);
  });

  it("of an order that was never tried is the first one", () => {
    for (const random of [0, 0.7, 1]) {
      const { workUntil, leaseUntil } = leaseIn(decided(stored("RECEIVED"), random));
      expect(firstLease(now, POLICY, random)).toEqual({ workUntil, leaseUntil });
    }
  });

  it("after a failure is the backoff of the try that failed, from then on", () => {
    const after = (bookkeeping: Partial<Omit<StoredOrder, "order">>) =>
      (backoffPause(stored("PROCESSING", bookkeeping), now, POLICY, 0).leaseUntil - now) / SECOND;
    const tries = [0, 1, 2, 9, 10, 20];
    const backoffs = [10, 10, 20, 2560, 3600, 3600];
    expect(tries.map((each) => after({ tries: each }))).toEqual(backoffs);
    const undone = tries.map((undoTries) => after({ tries: 7, undoTries, ending: REJECTED }));
    expect(undone).toEqual(backoffs);
  });
});

describe("a wait", () => {
  const pause = (seconds: number, checkAt = now) =>
    waitPause(stored("PROCESSING", { checkAt }), now + seconds * SECOND, now, POLICY);

  it("that a message can be hidden for is looked at when that is lost", () => {
    const leaseUntil = now + 300 * SECOND;
    expect(pause(300)).toEqual({ leaseUntil, checkAt: leaseUntil + 120 * SECOND });
    expect(pause(300, leaseUntil + 1)).toEqual({ leaseUntil });
    expect(pause(300, leaseUntil + 300 * SECOND)).toEqual({ leaseUntil });
    expect(pause(300, leaseUntil + 301 * SECOND)).toMatchObject({
      checkAt: leaseUntil + 120 * SECOND,
    });
  });

  it("that is longer is ended by the reconciler, and is overdue two minutes later", () => {
    for (const seconds of [301, 86_400, 365 * 86_400]) {
      const leaseUntil = now + seconds * SECOND;
      const overdueSince = leaseUntil + 120 * SECOND;
      expect(pause(seconds, leaseUntil + 1)).toEqual({
        leaseUntil,
        checkAt: leaseUntil,
        overdueSince,
      });
    }
  });
});

describe("a request for cancellation", () => {
  it("is looked after as soon as nobody can be at work on the order any more", () => {
    const at = (workUntil: number) =>
      checkCancellationAt(stored("PROCESSING", { workUntil }), now, POLICY) - now;
    expect([0, now, now + 9 * SECOND].map(at)).toEqual([120 * SECOND, 120 * SECOND, 129 * SECOND]);
  });
});

describe("when the reconciler looks at an order", () => {
  it("is left alone while it lies after the lease", () => {
    const leaseUntil = now + 40 * SECOND;
    const checkAt = leaseUntil + 1;
    const { checkAt: moved } = leaseIn(decided(stored("RECEIVED", { checkAt })));
    expect(moved).toBeUndefined();
    const failed = stored("PROCESSING", { tries: 3, checkAt });
    expect(backoffPause(failed, now, POLICY, 0)).toEqual({ leaseUntil });
  });

  it("moves to 120 s after the lease where it does not", () => {
    const leaseUntil = now + 40 * SECOND;
    for (const checkAt of [0, now, leaseUntil]) {
      expect(leaseIn(decided(stored("RECEIVED", { checkAt })))).toMatchObject({
        leaseUntil,
        checkAt: leaseUntil + 120 * SECOND,
      });
    }
  });

  it("comes to 120 s after an end from more than 300 s, and is left alone otherwise", () => {
    const at = (checkAt: number) => checkAtEnd(stored("PROCESSING", { checkAt }), now, POLICY);
    expect(at(now + 300 * SECOND + 1)).toBe(now + 120 * SECOND);
    expect(at(now + HOUR)).toBe(now + 120 * SECOND);
    for (const checkAt of [0, now, now + 120 * SECOND, now + 300 * SECOND]) {
      expect(at(checkAt)).toBeUndefined();
    }
  });
});

describe("whatever is stored", () => {
  const anyTime = fc.integer({ min: -HOUR, max: HOUR }).map((offset) => now + offset);
  const anyStored = fc
    .record({
      status: fc.constantFrom<OrderStatus>("RECEIVED", "PROCESSING", ...END_STATUSES),
      isNotified: fc.boolean(),
      redrives: fc.nat(3),
      attempt: fc.nat(100),
      tries: fc.nat(100),
      undoTries: fc.nat(100),
      ending: fc.constantFrom(undefined, undefined, REJECTED),
      isToBeCancelled: fc.boolean(),
      leaseUntil: fc.oneof(fc.constant(0), anyTime),
      checkAt: fc.oneof(fc.constant(0), anyTime),
    })
    .map(({ status, isNotified, isToBeCancelled, ...bookkeeping }) =>
      aStoredOrder(
        {
          status,
          ...(isNotified && { notifiedAt: NOW.toISOString() }),
          ...(isToBeCancelled && { cancelRequestedAt: NOW.toISOString() }),
        },
        bookkeeping,
      ),
    );
  const anyPolicy = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 40 }),
    timeoutSeconds: fc.integer({ min: 1, max: 900 }),
    backoffSeconds: fc.constantFrom(1, 10),
    maxBackoffSeconds: fc.constantFrom(60, 3600),
    firstCheckSeconds: fc.integer({ min: 1, max: 600 }),
    nextCheckSeconds: fc.integer({ min: 1, max: 600 }),
  });
  const unit = fc.double({ min: 0, max: 1, noNaN: true });

  it("one decision is made, which no other contradicts", () => {
    const made = new Set<string>();
    fc.assert(
      fc.property(anyStored, anyPolicy, unit, (order, policy, random) => {
        const decision = decide(order, now, policy, random);
        made.add(decision.next);
        const isOpen = ["RECEIVED", "PROCESSING"].includes(order.order.status);
        const isLeased = isOpen && order.leaseUntil > now;
        expect(["attempt", "undo", "end", "wait"].includes(decision.next)).toBe(isOpen);
        expect(decision.next === "wait").toBe(isLeased);
        expect(decision.next === "nothing").toBe(!isOpen && order.order.notifiedAt !== undefined);
        if (decision.next === "attempt") expect(order.tries).toBeLessThan(policy.maxAttempts);
        const isUndoing =
          order.ending !== undefined ||
          order.order.cancelRequestedAt !== undefined ||
          order.tries >= policy.maxAttempts;
        if (isOpen && !isLeased) expect(decision.next !== "attempt").toBe(isUndoing);
        if (decision.next === "undo") expect(order.undoTries).toBeLessThan(policy.maxAttempts);
        if (decision.next === "end") {
          expect(order.undoTries).toBeGreaterThanOrEqual(policy.maxAttempts);
        }
        if ("lease" in decision) {
          const { leaseUntil, checkAt = order.checkAt } = decision.lease;
          expect(leaseUntil).toBeGreaterThan(now + policy.timeoutSeconds * SECOND);
          expect(checkAt).toBeGreaterThan(leaseUntil);
        }
      }),
      { numRuns: 2000 },
    );
    expect([...made].sort()).toEqual(["attempt", "end", "nothing", "notify", "undo", "wait"]);
  });

  it("an order whose every worker dies or fails is FAILED after its attempts and its undos", () => {
    fc.assert(
      fc.property(anyPolicy, fc.infiniteStream(fc.boolean()), unit, (policy, deaths, random) => {
        let order = stored("RECEIVED");
        let time = now;
        const claims = { attempt: 0, undo: 0 };
        const starts: number[] = [];
        for (const dies of deaths) {
          const decision = decide(order, time, policy, random);
          if (decision.next === "end") break;
          if (decision.next === "wait") {
            time = decision.until;
            continue;
          }
          const lease = leaseIn(decision);
          if (decision.next === "attempt") starts.push(time);
          if (decision.next === "attempt" || decision.next === "undo") claims[decision.next]++;
          const { checkAt, attempt, tries, undoTries } = order;
          const counts =
            decision.next === "undo"
              ? { undoTries: undoTries + 1, ending: decision.ending }
              : { tries: tries + 1 };
          const before = { checkAt, tries, undoTries, attempt: attempt + 1 };
          order = stored("PROCESSING", { ...before, ...counts, ...lease });
          if (!dies) order = { ...order, ...backoffPause(order, time, policy, random) };
          expect(order.checkAt).toBeGreaterThan(order.leaseUntil);
        }
        expect(claims).toEqual({ attempt: policy.maxAttempts, undo: policy.maxAttempts });
        const pauses = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
        for (const [i, pause] of pauses.entries()) {
          const backoff = Math.min(policy.maxBackoffSeconds, policy.backoffSeconds * 2 ** i);
          expect(pause).toBeGreaterThanOrEqual(backoff * SECOND);
        }
      }),
    );
  });
});
