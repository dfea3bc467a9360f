import { randomInt } from "node:crypto";
import { type HistoryOptions, runHistory } from "../../simulation/history";
import { type Plan, planOf } from "../../simulation/plan";
import { runSeeds } from "../../simulation/seeds";
import { type Part, shrink } from "../../simulation/shrink";

const HISTORIES = 200;
/** The other cores are for tests whose times are real. */
const THREADS = 1;
const DAY_MS = 86_400_000;

async function traceOf(plan: Plan, options: HistoryOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  await runHistory(plan, {
    ...options,
    trace: (at, who, what) => lines.push(`${at} ${who} ${what}`),
  });
  return lines;
}

describe("simulated histories", () => {
  it(
    "keep every promise",
    async () => {
      const from = randomInt(2 ** 31);
      process.stderr.write(`simulated: npm run simulate -- --seeds ${HISTORIES} --from ${from}\n`);
      const { histories, broken, statuses } = await runSeeds({
        from,
        count: HISTORIES,
        threads: THREADS,
      });

      expect(broken).toEqual([]);
      expect(histories).toBe(HISTORIES);
      // They are worth something only if orders end in all ways.
      for (const status of ["COMPLETED", "REJECTED", "FAILED", "CANCELLED"]) {
        expect(statuses[status]).toBeGreaterThan(HISTORIES / 10);
      }
    },
    5 * 60_000,
  );

  it("are the same for the same seed, event by event", async () => {
    for (const seed of [1, 2, 3]) {
      const first = await traceOf(planOf(seed));
      expect(first.length).toBeGreaterThan(50);
      expect(await traceOf(planOf(seed))).toEqual(first);
      expect(await traceOf(planOf(seed + 1))).not.toEqual(first);
    }
  });

  it("are the same where the reconciler is run although nothing is due", async () => {
    // What runs have nothing to do with an order: their own calls.
    const withoutIdleRuns = (lines: string[]) =>
      lines.filter((line) => !/^\d+ reconcile-orders \S+ min (?!order|sends)/.test(line));
    let compared = 0;
    for (let seed = 1; compared < 20; seed += 1) {
      const plan = planOf(seed);
      const { milliseconds } = await runHistory(plan);
      if (milliseconds > DAY_MS) continue;
      const skipping = await traceOf(plan);
      const everyMinute = await traceOf(plan, { everyMinute: true });
      expect(withoutIdleRuns(everyMinute)).toEqual(withoutIdleRuns(skipping));
      compared += 1;
    }
  });
});

describe("shrinking a history", () => {
  it("leaves out what is not needed, and nothing that is", async () => {
    const whole = { ...planOf(1), faultRate: 0.1 };
    const isRejectedDespiteFault = async ({ plan, without }: Part) => {
      const { orders, faults } = await runHistory(plan, { without });
      const isHit = faults.some((fault) => fault.startsWith("create-order"));
      return isHit && orders.some(({ status }) => status === "REJECTED");
    };
    expect(await isRejectedDespiteFault({ plan: whole, without: new Set() })).toBe(true);

    const { plan, without } = await shrink(whole, isRejectedDespiteFault);

    expect(plan.orders.length).toBeLessThanOrEqual(2);
    expect(plan.outages).toEqual([]);
    expect(plan.incidents).toEqual([]);
    const { faults } = await runHistory(plan, { without });
    expect(faults).toHaveLength(1);
  });
});
