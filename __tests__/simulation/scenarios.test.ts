import { runHistory } from "../../simulation/history";
import { SCENARIOS } from "../../simulation/scenarios";

describe("histories that once violated an invariant", () => {
  it.each(SCENARIOS)("$name", async ({ plan, deviations }) => {
    const result = await runHistory(plan);

    expect(result.violations).toEqual([]);
    expect(deviations(result)).toEqual([]);
  });
});

describe("an order that waits", () => {
  /** How many orders each run of the reconciler calls overdue. */
  async function overdueIn(name: string): Promise<number[]> {
    const plan = SCENARIOS.find((each) => each.name.startsWith(name))?.plan;
    if (!plan) throw new Error(`there is no scenario ${name}`);
    const overdue: number[] = [];
    await runHistory(plan, {
      measure: (metric, value = 1) => {
        if (metric === "OverdueOrders") overdue.push(value);
      },
    });
    return overdue;
  }

  it("is not overdue when its wait is over", async () => {
    const overdue = await overdueIn("a wait of 40 days");
    expect(new Set(overdue)).toEqual(new Set([0]));
  });

  it("is overdue as others are, where nobody works on it", async () => {
    const overdue = await overdueIn("H1 lambda is down");
    expect(Math.max(...overdue)).toBeGreaterThan(0);
  });
});
