import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { OrdersTable } from "../../handlers/aws/orders-table";
import { storedOrder } from "../../handlers/aws/stored-order";
import type { End } from "../../handlers/life";
import { type OrderStatus, receivedOrder } from "../../handlers/order";
import { parseOrderRequest } from "../../handlers/order-request";
import { anOrderRequest } from "../support/arbitraries";
import { anOrder, NOW, ORDER_ID as ID } from "../support/orders";
import {
  ACCEPTED,
  AT,
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
  (["RECEIVED", "PROCESSING", "COMPLETED", "REJECTED", "FAILED"] as const)
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
    const leaseUntil = T + 40_000;
    const claim = (of: OrdersTable = table) => of.claimNewOrder(ID, { leaseUntil }, NOW);
    const claimed = {
      status: "PROCESSING",
      updatedAt: AT,
      attempt: 1,
      tries: 1,
      leaseUntil,
      writeId: "write-1",
      overdueSince: undefined,
    };

    it("claims an order that was never tried, and leaves checkAt alone", async () => {
      await performs(claim, { ...ACCEPTED, overdueSince: T }, claimed);
    });

    it("claims one that is looked at just after the lease", async () => {
      await performs(claim, { ...ACCEPTED, checkAt: leaseUntil + 1 }, claimed);
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
      await performs(() => claim(repeating), ACCEPTED, claimed);
    });
  });

  describe("claimOrder", () => {
    const lease = { leaseUntil: T + 40_000 };
    const claim = (of: OrdersTable = table) => of.claimOrder(seen(CLAIMED), lease, NOW);
    const claimed = {
      status: "PROCESSING",
      updatedAt: AT,
      attempt: 3,
      tries: 3,
      leaseUntil: T + 40_000,
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
      await performs(claim, { ...CLAIMED, ...changes }, claimed);
    });

    it("moves checkAt where the lease does", async () => {
      const moved = { ...lease, checkAt: T + 90_000 };
      await performs(() => table.claimOrder(seen(CLAIMED), moved, NOW), CLAIMED, {
        ...claimed,
        checkAt: T + 90_000,
      });
    });

    it.each<[string, Plain]>([
      ...others("RECEIVED", "PROCESSING"),
      ...OTHER_TOKENS,
      ["is leased", { leaseUntil: T + 1 }],
    ])("is refused where the order %s", async (_what, changes) => {
      await refuses(claim, { ...CLAIMED, ...changes });
    });

    it("recognises its own claim, whose answer was lost", async () => {
      await performs(() => claim(repeating), CLAIMED, claimed);
    });
  });

  describe("releaseOrder", () => {
    const leaseUntil = T + 10_000;
    const release = (of: OrdersTable = table) => of.releaseOrder(seen(CLAIMED), { leaseUntil });
    const released = { leaseUntil, overdueSince: undefined };

    it("makes others wait until the backoff is over, and leaves checkAt alone", async () => {
      await performs(release, CLAIMED, released);
    });

    it("moves checkAt where the lease does", async () => {
      const moved = { leaseUntil, checkAt: T + 90_000 };
      await performs(() => table.releaseOrder(seen(CLAIMED), moved), CLAIMED, {
        ...released,
        checkAt: T + 90_000,
      });
    });

    it("does the same again, where its answer was lost", async () => {
      await performs(() => release(repeating), CLAIMED, released);
    });

    it.each([...others("PROCESSING"), ...OTHER_TOKENS])(
      "is refused where the order %s",
      async (_what, changes) => {
        await refuses(release, { ...CLAIMED, ...changes });
      },
    );
  });

  describe("endOrder", () => {
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
    ];
    const ended = { updatedAt: AT, leaseUntil: undefined, overdueSince: undefined };

    it.each(ENDS)(
      "makes the order %s, without a lease, still open",
      async (status, end, result) => {
        const step = () => table.endOrder(seen(CLAIMED), end, undefined, NOW);
        await performs(step, CLAIMED, { status, ...result, ...ended });
        expect(await shelf("open-0")).toHaveLength(1);
      },
    );

    it.each(ENDS)("makes the order %s and moves checkAt", async (status, end, result) => {
      const step = () => table.endOrder(seen(CLAIMED), end, T + 9, NOW);
      await performs(step, CLAIMED, { status, ...result, ...ended, checkAt: T + 9 });
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
    ];
    const notOpen = { shelf: undefined, checkAt: undefined };

    it.each(ENDED)("stamps a %s order, which is open no more", async (status, ended) => {
      const isFailed = status === "FAILED";
      await performs(() => table.recordNotified(seen(ended), NOW), ended, {
        notifiedAt: AT,
        overdueSince: undefined,
        ...(isFailed ? { shelf: "failed-0", checkAt: Date.parse(CREATED) } : notOpen),
      });
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
      await performs(redrive, { ...FAILED, ...notified }, redriven);
      expect(await shelf("failed-0")).toEqual([]);
      expect(await table.dueOrders(NOW)).toHaveLength(1);
    });

    it.each(others("FAILED"))("is refused where the order %s", async (_what, changes) => {
      await refuses(redrive, { ...FAILED, ...changes });
    });

    it("recognises its own redrive, whose answer was lost", async () => {
      await performs(() => redrive(repeating), FAILED, redriven);
    });
  });

  it("has nothing to change where there is no such order", async () => {
    const due = { orderId: ID, shelf: "open-0", checkAt: T, overdueSince: undefined };
    const lease = { leaseUntil: T, checkAt: T };
    const steps = [
      table.claimNewOrder(ID, lease, NOW),
      table.claimOrder(seen(CLAIMED), lease, NOW),
      table.releaseOrder(seen(CLAIMED), lease),
      table.endOrder(seen(CLAIMED), { status: "FAILED", reason: "why" }, T, NOW),
      table.recordNotified(seen(FAILED), NOW),
      table.postponeCheck(due, T),
      table.redriveOrder(ID, NOW),
    ];
    for (const step of steps) expect(await step).toEqual({ ok: false, stored: undefined });
    expect(await item()).toBeUndefined();
    expect(await table.readOrder(ID)).toBeUndefined();
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
