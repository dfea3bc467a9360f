import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { OrdersTable } from "../../handlers/aws/orders-table";
import { storedOrder } from "../../handlers/aws/stored-order";
import { MAX_HISTORY_ENTRIES } from "../../handlers/history";
import { type Kept, MAX_KEPT_BYTES, MAX_UNDO_BYTES } from "../../handlers/kept";
import type { End, Pause } from "../../handlers/life";
import { END_STATUSES, type OrderStatus, receivedOrder } from "../../handlers/order";
import {
  MAX_CUSTOMER_ID_LENGTH,
  MAX_ORDER_BYTES,
  parseOrderRequest,
} from "../../handlers/order-request";
import { anOrderRequest } from "../support/arbitraries";
import { anOrder, NOW, ORDER_ID as ID } from "../support/orders";
import {
  ACCEPTED,
  AT,
  CANCELLED,
  CLAIMED,
  COMPLETED,
  CREATED,
  FAILED,
  itemOf,
  makeOrdersTableUnderTest,
  type OrdersTableUnderTest,
  type Plain,
  REJECTED,
  seen,
  T,
} from "../support/orders-table-under-test";
import { TABLES, type Tables } from "../support/orders-tables";

const others = (...statuses: OrderStatus[]) =>
  (["RECEIVED", "PROCESSING", ...END_STATUSES] as const)
    .filter((status) => !statuses.includes(status))
    .map((status): [string, Plain] => [`is ${status}`, { status }]);
const OTHER_TOKENS: [string, Plain][] = [
  ["is in an earlier life", { redrives: 0 }],
  ["is in a later life", { redrives: 2 }],
  ["is in an earlier attempt", { attempt: 1 }],
  ["is in a later attempt", { attempt: 3 }],
];

describe.each(TABLES)("the orders table, %s", (_where, start) => {
  let tables: Tables;
  let table: OrdersTable;
  let repeating: OrdersTable;
  let { put, item, shelf, performs, refuses } = {} as OrdersTableUnderTest;

  beforeAll(async () => {
    tables = await start();
  });
  afterAll(() => tables.stop());
  beforeEach(async () => {
    ({ table, repeating, put, item, shelf, performs, refuses } =
      await makeOrdersTableUnderTest(tables));
  });

  describe("acceptOrder", () => {
    const order = anOrder({ createdAt: CREATED, updatedAt: CREATED });
    const accept = (of: OrdersTable = table) => of.acceptOrder(order, "fingerprint-1", T + 60_000);

    it("stores the order with its bookkeeping, open", async () => {
      const stored = itemOf({ ...ACCEPTED, writeId: "write-1", orderId: ID });
      expect(await accept()).toEqual({ ok: true, stored: storedOrder(stored) });
      expect(await item()).toEqual(stored);
      expect(await shelf("open-0")).toHaveLength(1);
    });

    it("is refused where the id is taken, and gives the order that has it", async () => {
      await refuses(accept, { ...FAILED, fingerprint: "fingerprint-2" });
    });

    it("recognises its own put, whose answer was lost", async () => {
      const stored = storedOrder(itemOf({ ...ACCEPTED, writeId: "write-1", orderId: ID }));
      expect(await accept(repeating)).toEqual({ ok: true, stored });
    });

    it("keeps any order that is accepted unchanged", async () => {
      await fc.assert(
        fc.asyncProperty(anOrderRequest, async (candidate) => {
          const parsed = parseOrderRequest(JSON.stringify(candidate));
          if (!parsed.ok) return;
          const accepted = receivedOrder(parsed.value, randomUUID(), NOW);
          await table.acceptOrder(accepted, "fingerprint", T);
          const read = await table.readOrder(accepted.orderId);
          expect(read?.order).toEqual(accepted);
          expect(JSON.stringify(read?.order)).toBe(JSON.stringify(accepted));
        }),
        { numRuns: 100 },
      );
    });
  });

  describe("claimNewOrder", () => {
    const workUntil = T + 30_000;
    const leaseUntil = T + 40_000;
    const claim = (of: OrdersTable = table) => of.claimNewOrder(ID, { workUntil, leaseUntil }, NOW);
    const entry = ["claim", T, 1];
    const claimed = {
      status: "PROCESSING",
      updatedAt: AT,
      attempt: 1,
      tries: 1,
      workUntil,
      leaseUntil,
      writeId: "write-1",
      overdueSince: undefined,
    };

    it("claims an order that was never tried, and leaves checkAt alone", async () => {
      await performs(claim, { ...ACCEPTED, overdueSince: T }, claimed, entry);
    });

    it("claims one that is looked at just after the lease", async () => {
      await performs(claim, { ...ACCEPTED, checkAt: leaseUntil + 1 }, claimed, entry);
    });

    it.each<[string, Plain]>([
      ...others("RECEIVED"),
      ["was tried", { attempt: 1 }],
      ["is looked at when the lease is over", { checkAt: leaseUntil }],
      ["is looked at before the lease is over", { checkAt: leaseUntil - 1 }],
      ["is looked at no more", { checkAt: undefined }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(claim, { ...ACCEPTED, ...changes });
    });

    it("recognises its own claim, whose answer was lost", async () => {
      await performs(() => claim(repeating), ACCEPTED, claimed, entry);
    });
  });

  describe("claimOrder", () => {
    const lease = { workUntil: T + 30_000, leaseUntil: T + 40_000 };
    const entry = ["claim", T, 3];
    const claim = (of: OrdersTable = table) => of.claimOrder(seen(CLAIMED), lease, NOW);
    const claimed = {
      status: "PROCESSING",
      updatedAt: AT,
      attempt: 3,
      tries: 3,
      ...lease,
      writeId: "write-1",
      overdueSince: undefined,
    };

    it.each<[string, Plain]>([
      ["whose lease ends now", {}],
      ["whose lease is over", { leaseUntil: T - 1 }],
      ["without a lease", { leaseUntil: undefined }],
      ["that waits for its first attempt", { status: "RECEIVED" }],
      ["whose tries are others than its attempts", { tries: 2 }],
    ])("claims an order %s", async (_which, changes) => {
      await performs(claim, { ...CLAIMED, ...changes }, claimed, entry);
    });

    it("moves checkAt where the lease does", async () => {
      const moved = { ...lease, checkAt: T + 90_000 };
      const step = () => table.claimOrder(seen(CLAIMED), moved, NOW);
      await performs(step, CLAIMED, { ...claimed, checkAt: T + 90_000 }, entry);
    });

    it.each<[string, Plain]>([
      ...others("RECEIVED", "PROCESSING"),
      ...OTHER_TOKENS,
      ["is leased", { leaseUntil: T + 1 }],
      ["is to be cancelled", { cancelRequestedAt: AT }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(claim, { ...CLAIMED, ...changes });
    });

    it("recognises its own claim, whose answer was lost", async () => {
      await performs(() => claim(repeating), CLAIMED, claimed, entry);
    });
  });

  describe("beginUndo", () => {
    const lease = { workUntil: T + 30_000, leaseUntil: T + 40_000 };
    const ending = { status: "REJECTED", reason: "sold out" } as const;
    const entry = ["begin undo", T, 3, { why: "REJECTED" }];
    const begin = (isMine: boolean, of: OrdersTable = table) =>
      of.beginUndo(seen(CLAIMED), ending, lease, isMine, NOW);
    const begun = {
      attempt: 3,
      undoTries: 1,
      ...lease,
      writeId: "write-1",
      ending: JSON.stringify(ending),
      overdueSince: undefined,
    };

    it("claims an order for its undo, with a new token and how it will end", async () => {
      await performs(() => begin(false), CLAIMED, begun, entry);
    });

    it("counts its tries, and changes nothing of how it will end", async () => {
      const before = { ...CLAIMED, undoTries: 4, ending: '{"status":"CANCELLED"}' };
      const changes = { ...begun, undoTries: 5, ending: '{"status":"CANCELLED"}' };
      await performs(() => begin(false), before, changes, entry);
    });

    it("begins where the attempt of the same worker has ended, also under its lease", async () => {
      const leased = { ...CLAIMED, leaseUntil: T + 9 };
      await performs(() => begin(true), leased, begun, entry);
      await refuses(() => begin(false), leased);
    });

    it("moves checkAt where the lease does", async () => {
      const moved = { ...lease, checkAt: T + 90_000 };
      const step = () => table.beginUndo(seen(CLAIMED), ending, moved, true, NOW);
      await performs(step, CLAIMED, { ...begun, checkAt: T + 90_000 }, entry);
    });

    it.each([...others("PROCESSING"), ...OTHER_TOKENS])(
      "is refused where the order %s",
      async (_what, changes) => {
        await refuses(() => begin(true), { ...CLAIMED, ...changes });
        await refuses(() => begin(false), { ...CLAIMED, ...changes });
      },
    );

    it("is refused where a slow worker has kept a step since, and its tries begin anew", async () => {
      const kept = { ...CLAIMED, tries: 0, kept: [step] };
      await refuses(() => begin(false), kept);
    });

    it("recognises its own claim, whose answer was lost", async () => {
      await performs(() => begin(true, repeating), CLAIMED, begun, entry);
    });
  });

  const step = { kind: "step" as const, name: "charge", at: AT, result: { id: 7 } };
  const wait = { kind: "wait" as const, name: "pickup", at: AT, until: T + 900_000 };
  const undo = { kind: "undo" as const, name: "undo:charge", at: AT };
  const HAS_KEPT: [string, Plain][] = [["has kept something since", { kept: [step] }]];

  describe("keep", () => {
    const keep = (kept: Kept, before: Plain = CLAIMED) => table.keep(seen(before), kept, NOW);
    const entry = ["keep", T, 2, { step: "charge" }];

    it("keeps a step, and begins to count its tries anew", async () => {
      const changes = { updatedAt: AT, tries: 0, kept: [step] };
      await performs(() => keep(step), CLAIMED, changes, entry);
    });

    it("keeps one after the other", async () => {
      const before = { ...CLAIMED, kept: [wait] };
      const changes = { updatedAt: AT, tries: 0, kept: [wait, step] };
      await performs(() => keep(step, before), before, changes, entry);
    });

    it("keeps a step of the undo, whose tries are others", async () => {
      const before = { ...CLAIMED, undoTries: 3, kept: [step] };
      const changes = { updatedAt: AT, undoTries: 0, kept: [step, undo] };
      const undone = ["keep", T, 2, { step: "undo:charge" }];
      await performs(() => keep(undo, before), before, changes, undone);
    });

    it("keeps the step that ran while a cancellation was requested", async () => {
      const before = { ...CLAIMED, cancelRequestedAt: CREATED };
      await performs(() => keep(step), before, { updatedAt: AT, tries: 0, kept: [step] }, entry);
    });

    it.each([...others("PROCESSING"), ...OTHER_TOKENS, ...HAS_KEPT])(
      "is refused where the order %s",
      async (_what, changes) => {
        await refuses(() => keep(step), { ...CLAIMED, ...changes });
      },
    );

    it("keeps once, where its answer was lost, and gives the order that has it", async () => {
      await put(CLAIMED);
      const { ok, stored } = await repeating.keep(seen(CLAIMED), step, NOW);
      expect({ ok, kept: stored?.kept }).toEqual({ ok: false, kept: [step] });
    });
  });

  describe("pauseOrder", () => {
    const leaseUntil = wait.until;
    const pause = (before: Plain = CLAIMED, times: Partial<Pause> = {}) =>
      table.pauseOrder(seen(before), wait, { leaseUntil, ...times }, NOW);
    const entry = ["wait", T, 2, { step: "pickup", until: T + 900_000 }];
    const paused = {
      tries: 0,
      workUntil: undefined,
      leaseUntil,
      overdueSince: undefined,
      kept: [wait],
    };

    it("keeps the wait, and nobody works on the order until it is over", async () => {
      await performs(pause, CLAIMED, paused, entry);
    });

    it("says when it is looked at, and from when on it is overdue", async () => {
      const times = { checkAt: leaseUntil, overdueSince: leaseUntil + 120_000 };
      await performs(() => pause(CLAIMED, times), CLAIMED, { ...paused, ...times }, entry);
    });

    it("does not keep it twice, nor count its tries anew", async () => {
      const before = { ...CLAIMED, kept: [step, wait] };
      const changes = { ...paused, tries: CLAIMED["tries"], kept: [step, wait] };
      await performs(() => pause(before), before, changes, entry);
    });

    it.each<[string, Plain]>([
      ...others("PROCESSING"),
      ...OTHER_TOKENS,
      ...HAS_KEPT,
      ["is to be cancelled", { cancelRequestedAt: AT }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(pause, { ...CLAIMED, ...changes });
    });
  });

  describe("releaseOrder", () => {
    const leaseUntil = T + 10_000;
    const failure = { step: "charge", why: "TypeError" };
    const release = (pause: Pause = { leaseUntil }, before: Plain = CLAIMED) =>
      table.releaseOrder(seen(before), pause, failure, NOW);
    const released = { workUntil: undefined, leaseUntil, overdueSince: undefined };
    const entry = ["release", T, 2, failure];

    it("makes others wait until the backoff is over, and leaves checkAt alone", async () => {
      await performs(release, CLAIMED, released, entry);
    });

    it("moves checkAt where the lease does", async () => {
      const moved = { leaseUntil, checkAt: T + 90_000 };
      const changes = { ...released, checkAt: T + 90_000 };
      await performs(() => release(moved), CLAIMED, changes, entry);
    });

    it("is done once, where its answer was lost", async () => {
      await put(CLAIMED);
      const { stored } = await repeating.releaseOrder(seen(CLAIMED), { leaseUntil }, failure, NOW);
      expect(stored).toMatchObject({ workUntil: 0, leaseUntil });
      expect(stored?.history).toHaveLength(2);
    });

    it.each<[string, Plain]>([
      ...others("PROCESSING"),
      ...OTHER_TOKENS,
      ["is released", { workUntil: undefined }],
      ["is to be cancelled", { cancelRequestedAt: AT }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(release, { ...CLAIMED, ...changes });
    });

    it("of an undo is no matter of a cancellation", async () => {
      const before = { ...CLAIMED, ending: '{"status":"CANCELLED"}', cancelRequestedAt: AT };
      await performs(() => release({ leaseUntil }, before), before, released, entry);
    });

    it("folds one failure like the last into it, if nobody has added to the history since", async () => {
      const history = [
        ["accept", 1, 0],
        ["claim", 2, 1],
        ["release", 3, 1, failure],
        ["claim", 4, 2],
      ];
      const before = { ...CLAIMED, history };
      const twice = ["release", T, 2, { ...failure, count: 2, firstAt: 3 }];
      const folded = [["accept", 1, 0], ["claim", 2, 1], twice, ["claim", 4, 2]];
      await performs(() => release({ leaseUntil }, before), before, {
        ...released,
        history: folded,
      });
      const grown = { ...before, history: [...history, ["ask to cancel", 5, 2]] };
      await refuses(() => release({ leaseUntil }, before), grown);
    });
  });

  describe("endOrder", () => {
    const CHANGES = {
      COMPLETED: "complete",
      REJECTED: "reject",
      FAILED: "give up",
      CANCELLED: "cancel",
    };
    const entryOf = ({ status }: End) => [CHANGES[status], T, 2];
    const ENDS: [string, End, Plain][] = [
      [
        "COMPLETED",
        { status: "COMPLETED", totals: { units: 3, amount: 0.3 } },
        { completedAt: AT, totals: '{"units":3,"amount":0.3}' },
      ],
      [
        "REJECTED",
        { status: "REJECTED", reason: "sold out" },
        { rejectedAt: AT, reason: "sold out" },
      ],
      ["FAILED", { status: "FAILED", reason: "tried" }, { failedAt: AT, reason: "tried" }],
      ["CANCELLED", { status: "CANCELLED" }, { cancelledAt: AT }],
    ];
    const ended = {
      updatedAt: AT,
      workUntil: undefined,
      leaseUntil: undefined,
      overdueSince: undefined,
    };

    it.each(ENDS)(
      "makes the order %s, without a lease, still open",
      async (status, end, result) => {
        const step = () => table.endOrder(seen(CLAIMED), end, undefined, NOW);
        await performs(step, CLAIMED, { status, ...result, ...ended }, entryOf(end));
        expect(await shelf("open-0")).toHaveLength(1);
      },
    );

    it.each(ENDS)("makes the order %s and moves checkAt", async (status, end, result) => {
      const step = () => table.endOrder(seen(CLAIMED), end, T + 9, NOW);
      const changes = { status, ...result, ...ended, checkAt: T + 9 };
      await performs(step, CLAIMED, changes, entryOf(end));
    });

    it.each(
      ENDS.flatMap(([name, end]) =>
        [...others("PROCESSING"), ...OTHER_TOKENS].map(
          ([what, changes]) => [name, what, end, changes] as const,
        ),
      ),
    )("%s is refused where the order %s", async (_name, _what, end, changes) => {
      await refuses(() => table.endOrder(seen(CLAIMED), end, undefined, NOW), {
        ...CLAIMED,
        ...changes,
      });
    });

    it("says that the undo has failed, unless a slow worker has kept a step of it since", async () => {
      const before = { ...CLAIMED, undoTries: 20 };
      const end = { status: "CANCELLED", reason: "look", undoFailed: true } as const;
      const fail = () => table.endOrder(seen(before), end, undefined, NOW);
      const result: Plain = { cancelledAt: AT, reason: "look", undoFailed: true };
      await performs(fail, before, { status: "CANCELLED", ...result, ...ended }, entryOf(end));
      await refuses(fail, { ...before, undoTries: 0, kept: [undo] });
    });

    it.each(ENDS)(
      "%s comes before or after a request for cancellation, not both",
      async (_, end) => {
        const toBeCancelled = { ...CLAIMED, cancelRequestedAt: AT };
        await put(toBeCancelled);
        const { ok } = await table.endOrder(seen(toBeCancelled), end, undefined, NOW);
        expect(ok).toBe(end.status === "CANCELLED");
      },
    );

    it.each(ENDS)("%s gives the end, where its answer was lost", async (status, end) => {
      await put(CLAIMED);
      const { stored } = await repeating.endOrder(seen(CLAIMED), end, undefined, NOW);
      expect(stored?.order).toMatchObject({ status, updatedAt: AT });
    });
  });

  describe("recordNotified", () => {
    const ENDED: [string, Plain][] = [
      ["COMPLETED", COMPLETED],
      ["REJECTED", REJECTED],
      ["FAILED", FAILED],
      ["CANCELLED", CANCELLED],
    ];
    const notOpen = { shelf: undefined, checkAt: undefined };

    it.each(ENDED)("stamps a %s order, which is open no more", async (status, ended) => {
      const isFailed = status === "FAILED";
      const shelved = isFailed ? { shelf: "failed-0", checkAt: Date.parse(CREATED) } : notOpen;
      await performs(
        () => table.recordNotified(seen(ended), NOW),
        ended,
        { notifiedAt: AT, overdueSince: undefined, ...shelved },
        ["notify", T, 2],
      );
      expect(await shelf("open-0")).toEqual([]);
      expect(await shelf("failed-0")).toEqual(
        isFailed
          ? [
              itemOf({
                orderId: ID,
                shelf: "failed-0",
                checkAt: Date.parse(CREATED),
                createdAt: CREATED,
              }),
            ]
          : [],
      );
    });

    it.each(
      ENDED.flatMap(([status, ended]) =>
        [
          ...others(status as OrderStatus),
          ...OTHER_TOKENS,
          ["is stamped", { notifiedAt: CREATED }] as [string, Plain],
        ].map(([what, changes]) => [status, what, ended, changes] as const),
      ),
    )("of a %s order is refused where the order %s", async (_status, _what, ended, changes) => {
      await refuses(() => table.recordNotified(seen(ended), NOW), { ...ended, ...changes });
    });
  });

  describe("postponeCheck", () => {
    const due = { orderId: ID, shelf: "open-0", checkAt: T + 60_000, overdueSince: undefined };
    const postpone = () => table.postponeCheck(due, T + 300_000);

    it("moves checkAt, and keeps since when the order is overdue", async () => {
      await performs(postpone, ACCEPTED, { checkAt: T + 300_000, overdueSince: T + 60_000 });
    });

    it("does not move a time since when it is overdue", async () => {
      await performs(postpone, CLAIMED, { checkAt: T + 300_000 });
    });

    it.each<[string, Plain]>([
      ["is open no more", { shelf: "failed-0" }],
      ["is on no shelf", { shelf: undefined }],
      ["is looked at later", { checkAt: T + 60_001 }],
      ["is looked at earlier", { checkAt: T + 59_999 }],
      ["is looked at no more", { checkAt: undefined }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(postpone, { ...ACCEPTED, ...changes });
    });
  });

  describe("redriveOrder", () => {
    const redrive = (of: OrdersTable = table) => of.redriveOrder(ID, NOW);
    const entry = ["redrive", T, 0];
    const redriven = {
      status: "RECEIVED",
      updatedAt: AT,
      redrives: 2,
      attempt: 0,
      tries: 0,
      shelf: "open-0",
      checkAt: T,
      writeId: "write-1",
      failedAt: undefined,
      reason: undefined,
      notifiedAt: undefined,
      overdueSince: undefined,
    };

    it("begins a new life, open and due", async () => {
      const notified = { notifiedAt: CREATED, shelf: "failed-0", checkAt: Date.parse(CREATED) };
      await performs(redrive, { ...FAILED, ...notified }, redriven, entry);
      expect(await shelf("failed-0")).toEqual([]);
      expect(await table.dueOrders(NOW)).toHaveLength(1);
    });

    it("of an order begins with nothing kept, and nothing of how the last one ended", async () => {
      const undone = {
        kept: [step, undo],
        undoTries: 20,
        ending: '{"status":"FAILED","reason":"why"}',
        undoFailed: true as const,
      };
      const nothing = {
        kept: undefined,
        undoTries: undefined,
        ending: undefined,
        undoFailed: undefined,
      };
      await performs(redrive, { ...FAILED, ...undone }, { ...redriven, ...nothing }, entry);
    });

    it("is refused where the undo has failed, if only those that are undone are asked for", async () => {
      const onlyIfUndone = () => table.redriveOrder(ID, NOW, true);
      await performs(onlyIfUndone, FAILED, redriven, entry);
      await refuses(onlyIfUndone, { ...FAILED, undoFailed: true });
    });

    it.each(others("FAILED"))("is refused where the order %s", async (_what, changes) => {
      await refuses(redrive, { ...FAILED, ...changes });
    });

    it("recognises its own redrive, whose answer was lost", async () => {
      await performs(() => redrive(repeating), FAILED, redriven, entry);
    });
  });

  describe("cancelNewOrder", () => {
    const cancel = () => table.cancelNewOrder(ID, NOW);

    it("cancels an order on which nobody has worked, which is open until it is notified", async () => {
      const changes = {
        status: "CANCELLED",
        updatedAt: AT,
        cancelRequestedAt: AT,
        cancelledAt: AT,
        writeId: "write-1",
        overdueSince: undefined,
      };
      await performs(cancel, { ...ACCEPTED, overdueSince: T }, changes, ["cancel", T, 0]);
      expect(await shelf("open-0")).toHaveLength(1);
    });

    it.each<[string, Plain]>([...others("RECEIVED"), ["was tried", { attempt: 1 }]])(
      "is refused where the order %s",
      async (_what, changes) => {
        await refuses(cancel, { ...ACCEPTED, ...changes });
      },
    );

    it("is refused to a customer whose order it is not, and done for the one whose it is", async () => {
      await refuses(() => table.cancelNewOrder(ID, NOW, "customer-2"), ACCEPTED);
      await put(ACCEPTED);
      expect(await table.cancelNewOrder(ID, NOW, "customer-1")).toMatchObject({ ok: true });
    });
  });

  describe("requestCancellation", () => {
    const request = () => table.requestCancellation(seen(CLAIMED), T + 7, NOW);
    const requested = {
      updatedAt: AT,
      cancelRequestedAt: AT,
      checkAt: T + 7,
      writeId: "write-1",
      overdueSince: undefined,
    };
    const entry = ["ask to cancel", T, 2];

    it("leaves the order to the worker that has it, for as long as that may be alive", async () => {
      const before = { ...CLAIMED, workUntil: T + 9, leaseUntil: T + 99 };
      await performs(request, before, { ...requested, leaseUntil: T + 9 }, entry);
    });

    it("recognises its own request, whose answer was lost", async () => {
      const again = () => repeating.requestCancellation(seen(CLAIMED), T + 7, NOW);
      await performs(again, CLAIMED, { ...requested, leaseUntil: T }, entry);
    });

    it("ends a backoff, or a wait", async () => {
      const before = {
        ...CLAIMED,
        workUntil: undefined,
        leaseUntil: T + 9e9,
        overdueSince: T + 9e9,
      };
      await performs(request, before, { ...requested, leaseUntil: 0 }, entry);
    });

    it.each<[string, Plain]>([
      ...others("PROCESSING"),
      ...OTHER_TOKENS,
      ["is to be cancelled", { cancelRequestedAt: CREATED }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(request, { ...CLAIMED, ...changes });
    });
  });

  it("has nothing to change where there is no such order", async () => {
    const due = { orderId: ID, shelf: "open-0", checkAt: T, overdueSince: undefined };
    const lease = { workUntil: T, leaseUntil: T, checkAt: T };
    const steps = [
      table.claimNewOrder(ID, lease, NOW),
      table.claimOrder(seen(CLAIMED), lease, NOW),
      table.beginUndo(seen(CLAIMED), { status: "CANCELLED" }, lease, true, NOW),
      table.keep(seen(CLAIMED), step, NOW),
      table.pauseOrder(seen(CLAIMED), wait, lease, NOW),
      table.releaseOrder(seen(CLAIMED), lease, { why: "Error" }, NOW),
      table.cancelNewOrder(ID, NOW),
      table.requestCancellation(seen(CLAIMED), T, NOW),
      table.endOrder(seen(CLAIMED), { status: "FAILED", reason: "why" }, T, NOW),
      table.recordNotified(seen(FAILED), NOW),
      table.postponeCheck(due, T),
      table.redriveOrder(ID, NOW),
    ];
    for (const each of steps) expect(await each).toEqual({ ok: false, stored: undefined });
    expect(await item()).toBeUndefined();
    expect(await table.readOrder(ID)).toBeUndefined();
  });

  it("has room for the largest order, with all that it can gain", async () => {
    const longest = { step: "\u0001".repeat(64), why: "x".repeat(50), count: 999, firstAt: T };
    const reason = "🍵".repeat(500);
    const before = {
      ...CLAIMED,
      customerId: "🍵".repeat(MAX_CUSTOMER_ID_LENGTH),
      items: JSON.stringify([{ note: "x".repeat(MAX_ORDER_BYTES) }]),
      kept: [
        { ...step, result: "x".repeat(MAX_KEPT_BYTES) },
        { ...step, kind: "undo", name: "undo:charge", result: "x".repeat(MAX_UNDO_BYTES) },
      ],
      ending: JSON.stringify({ status: "REJECTED", reason }),
      history: Array.from({ length: MAX_HISTORY_ENTRIES }, () => ["release", T, 999, longest]),
    };
    await put(before);
    const end = { status: "REJECTED", reason } as const;
    expect((await table.endOrder(seen(before), end, T, NOW)).ok).toBe(true);
  });

  describe("dueOrders", () => {
    const idOn = (digit: string) => `${digit}${randomUUID().slice(1)}`;

    it("gives open orders of all shelves by checkAt, until now", async () => {
      const expected = [];
      for (const [i, digit] of Array.from("0123456789abcdef").reverse().entries()) {
        const orderId = idOn(digit);
        const entry = { shelf: `open-${digit}`, checkAt: T - i };
        const overdue = i % 2 === 0 ? { overdueSince: T - 99 } : { overdueSince: undefined };
        await put({ ...ACCEPTED, ...entry, ...overdue }, orderId);
        expected.unshift({ orderId, ...entry, ...overdue });
      }
      await put({ ...ACCEPTED, checkAt: T + 1 }, idOn("0"));
      await put({ ...ACCEPTED, shelf: "failed-0", checkAt: T - 1 }, idOn("0"));
      await put({ ...ACCEPTED, shelf: undefined, checkAt: T - 1 }, idOn("0"));
      await put({ ...ACCEPTED, checkAt: undefined }, idOn("0"));
      expect(await table.dueOrders(NOW)).toEqual(expected);
    });

    it("gives the oldest 500 of a shelf", async () => {
      const count = 503;
      const times = Array.from({ length: count }, (_, i) => T - ((i * 7) % count));
      await Promise.all(times.map((checkAt) => put({ ...ACCEPTED, checkAt }, idOn("0"))));
      const found = (await table.dueOrders(NOW)).map(({ checkAt }) => checkAt);
      expect(found).toEqual(times.sort((a, b) => a - b).slice(0, 500));
    });
  });
});
