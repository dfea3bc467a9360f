import { runHistory } from "./history";
import type { Plan } from "./plan";

/** A part of a history: a smaller plan, and the names of drawn faults that do not happen. */
export interface Part {
  plan: Plan;
  without: ReadonlySet<string>;
}

/** Of an order, what can be left out one by one. */
const FIELDS = ["repostAt", "cancelAt", "parts"] as const;

/**
 * The smallest part of a history of which `isBroken` still holds: no order, repeated request,
 * cancellation, step, wait, outage, incident or fault can be left out of it alone.
 */
export async function shrink(
  plan: Plan,
  isBroken: (part: Part) => Promise<boolean>,
): Promise<Part> {
  let smallest: Part = { plan, without: new Set() };

  const withPlan = (change: Partial<Plan>): Part => ({
    ...smallest,
    plan: { ...smallest.plan, ...change },
  });

  /** Leaves out halves, then quarters, …, then one at a time. Whether anything could be left out. */
  async function leaveOut<T>(all: T[], partWith: (rest: T[]) => Part): Promise<boolean> {
    let rest = all;
    for (let size = all.length; size >= 1; size = Math.floor(size / 2)) {
      for (let i = 0; i < rest.length;) {
        const fewer = [...rest.slice(0, i), ...rest.slice(i + size)];
        const part = partWith(fewer);
        if (await isBroken(part)) {
          smallest = part;
          rest = fewer;
        } else i += size;
      }
    }
    return rest.length < all.length;
  }

  async function leaveOutOf(name: string, field: (typeof FIELDS)[number]): Promise<boolean> {
    const { orders } = smallest.plan;
    const all: unknown[] = orders.find((order) => order.name === name)?.[field] ?? [];
    return leaveOut(all, (rest) =>
      withPlan({
        orders: orders.map((order) => (order.name === name ? { ...order, [field]: rest } : order)),
      }),
    );
  }

  async function leaveOutFaults(): Promise<boolean> {
    const { plan: whole, without } = smallest;
    const { faults } = await runHistory(whole, { without });
    return leaveOut(faults, (rest) => ({
      plan: whole,
      without: new Set([...without, ...faults.filter((fault) => !rest.includes(fault))]),
    }));
  }

  for (const simpler of [
    { clockSkewMs: 0 },
    { batchSize: 1 },
    { accountConcurrency: 1000 },
    { deployAt: Infinity },
  ]) {
    if (await isBroken(withPlan(simpler))) smallest = withPlan(simpler);
  }
  for (let isSmaller = true; isSmaller;) {
    const { orders, outages, incidents } = smallest.plan;
    const steps = [
      () => leaveOut(outages, (rest) => withPlan({ outages: rest })),
      () => leaveOut(incidents, (rest) => withPlan({ incidents: rest })),
      () => leaveOut(orders, (rest) => withPlan({ orders: rest })),
      ...orders.flatMap(({ name }) => FIELDS.map((field) => () => leaveOutOf(name, field))),
      leaveOutFaults,
    ];
    isSmaller = false;
    for (const step of steps) if (await step()) isSmaller = true;
  }
  return smallest;
}
