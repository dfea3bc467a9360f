import {
  type BillLine,
  metricsOfOrders,
  monthBill,
  orderBill,
  type Standing,
  storageBill,
} from "./bill";
import { type CountedStack, placeOrder, startCountedStack } from "./counted-stack";
import { countOrder, countScheduled, type OrderCounts, type ScheduledCounts } from "./counts";
import { type CpuTime, type CpuTimes, measureCpu, type Repetitions } from "./cpu-time";

/** A small order: two lines, some of what they may have. */
export const SMALL_ORDER = {
  customerId: "alice",
  items: [
    { sku: "tea", quantity: 3, unitPrice: 4.1 },
    { sku: "mug", unitPrice: 12.5 },
  ],
};

export interface CostOptions {
  /** Another checkout of the program, which is counted and priced in the same way. */
  baseline?: { name: string; directory: string };
  /** Of what is measured for its CPU time; warmed up once at least. */
  repetitions?: Repetitions;
  progress?: (line: string) => void;
}

export interface Costs {
  name: string;
  order: OrderCounts;
  scheduled: ScheduledCounts[];
  standing: Standing;
  /** Quantities of one order, and prices of one of each; of a month where it says so. */
  bills: { order: BillLine[]; month: BillLine[]; monthOfStorage: BillLine[] };
  /** Those that cost a month's price once orders come. */
  metricsOfOrders: string[];
}

export interface CostResult {
  /** Of the request's body. */
  orderBytes: number;
  current: Costs;
  baseline?: Costs;
}

const REPETITIONS: Repetitions = { warmUp: 100, rounds: 7, ofRound: 20 };

/**
 * What an order costs at list prices, counted by running it on the laptop: of this program, and of another one. The
 * CPU time of both is measured in turn.
 */
export async function countCosts({
  baseline,
  repetitions = REPETITIONS,
  progress = () => undefined,
}: CostOptions = {}): Promise<CostResult> {
  const programs = [{ name: "now", directory: undefined }, ...(baseline ? [baseline] : [])];
  const orderBytes = Buffer.byteLength(JSON.stringify(SMALL_ORDER));
  const stacks: CountedStack[] = [];
  try {
    for (const { name, directory } of programs) {
      progress(`${name}: starting`);
      stacks.push(await startCountedStack(directory));
    }
    progress("orders, one after another");
    const ofStack = (stack: CountedStack) => ({ stack, act: () => placeOrder(stack, SMALL_ORDER) });
    const cpu = await measureCpu(stacks.map(ofStack), repetitions);
    const costs: Costs[] = [];
    for (const [i, stack] of stacks.entries()) {
      const name = programs[i]?.name ?? "";
      costs.push(await costsOf(name, stack, cpu[i] ?? new Map<string, CpuTime>(), repetitions));
    }
    const [current, other] = costs;
    if (!current) throw new Error("nothing was counted");
    return { orderBytes, current, ...(other && { baseline: other }) };
  } finally {
    await Promise.all(stacks.map(({ laptop }) => laptop.stop()));
  }
}

async function costsOf(
  name: string,
  stack: CountedStack,
  cpu: CpuTimes,
  repetitions: Repetitions,
): Promise<Costs> {
  const { polledQueues, alarmMetrics, dashboards } = stack.registered;
  const standing = { polledQueues, alarmMetrics, dashboards };
  const order = await countOrder(stack, SMALL_ORDER, cpu);
  const scheduled = await countScheduled(stack, repetitions);
  return {
    ...{ name, order, scheduled, standing },
    bills: {
      order: orderBill(order),
      month: monthBill(standing, scheduled),
      monthOfStorage: storageBill(order),
    },
    metricsOfOrders: metricsOfOrders(order, scheduled),
  };
}
