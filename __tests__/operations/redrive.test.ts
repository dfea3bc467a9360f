import {
  redrive,
  type FailedOrder,
  type RedriveDeps,
  type RedriveOptions,
} from "../../operations/redrive";

const NOW = new Date("2026-01-02T12:00:00.000Z");

function setUp(count: number, overrides: Partial<RedriveDeps> = {}) {
  const failed = Array.from({ length: count }, (_, i): FailedOrder => ({
    orderId: `order-${i}`,
    failedAt: "2026-01-02T09:30:00.000Z",
    failureReason: "reason",
  }));
  const said: string[] = [];
  const queued: string[][] = [];
  const deps: RedriveDeps = {
    async *failedOrders() {
      for (let i = 0; i < count; i += 100) yield await Promise.resolve(failed.slice(i, i + 100));
    },
    statusOf: (orderId) =>
      Promise.resolve(failed.some((each) => each.orderId === orderId) ? "FAILED" : undefined),
    enqueueOrders: (orderIds) => {
      queued.push(orderIds);
      return Promise.resolve([]);
    },
    say: (line) => void said.push(line),
    now: () => NOW,
    ...overrides,
  };
  const run = (options: Partial<RedriveOptions>) =>
    redrive(deps, { which: "all", dryRun: false, ...options });
  return { said, queued, run };
}

describe("npm run redrive", () => {
  it("lists FAILED orders with age and reason, and queues none", async () => {
    const { run, said, queued } = setUp(2);
    expect(await run({ which: "none" })).toBe(true);
    expect(said).toEqual([
      "order-0  failed 2 h ago  reason",
      "order-1  failed 2 h ago  reason",
      "2 orders FAILED. Name those to redrive, or --all.",
    ]);
    expect(queued).toEqual([]);
  });

  it("queues all of them, ten at a time, and tells how far it is", async () => {
    const { run, said, queued } = setUp(205);
    expect(await run({})).toBe(true);
    expect(queued.flat()).toHaveLength(205);
    expect(Math.max(...queued.map((batch) => batch.length))).toBe(10);
    expect(said.filter((line) => line.endsWith("done"))).toEqual([
      "100 of 205 done",
      "200 of 205 done",
    ]);
    expect(said.at(-1)).toBe("205 orders queued again, 0 could not be queued, 0 refused.");
  });

  it("queues nothing in a dry run", async () => {
    const { run, said, queued } = setUp(3);
    expect(await run({ dryRun: true })).toBe(true);
    expect(queued).toEqual([]);
    expect(said.at(-1)).toBe("dry run: 3 orders would be queued again, 0 refused.");
  });

  it("refuses what is not FAILED, says what it is, and does the rest", async () => {
    const statusOf = (orderId: string) =>
      Promise.resolve({ "order-0": "FAILED", "order-1": "COMPLETED" }[orderId]);
    const { run, said, queued } = setUp(1, { statusOf });
    expect(await run({ which: ["order-0", "order-1", "order-2"] })).toBe(false);
    expect(queued).toEqual([["order-0"]]);
    expect(said).toEqual([
      "order-1  is COMPLETED, not FAILED",
      "order-2  there is no such order",
      "1 order queued again, 0 could not be queued, 2 refused.",
    ]);
  });

  it("fails when some could not be queued, and names them", async () => {
    const { run, said } = setUp(12, {
      enqueueOrders: (orderIds) => Promise.resolve(orderIds.slice(0, 1)),
    });
    expect(await run({})).toBe(false);
    expect(said).toContain("order-10  could not be queued");
    expect(said.at(-1)).toBe("10 orders queued again, 2 could not be queued, 0 refused.");
  });
});
