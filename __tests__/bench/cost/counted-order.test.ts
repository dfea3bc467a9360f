import { readFileSync } from "node:fs";
import * as path from "node:path";
import { orderBill } from "../../../bench/cost/bill";
import { SMALL_ORDER } from "../../../bench/cost/costs";
import {
  type CountedStack,
  placeOrder,
  startCountedStack,
} from "../../../bench/cost/counted-stack";
import { countOrder, countScheduled, type OrderCounts } from "../../../bench/cost/counts";
import { copyProject } from "../../../harness/project-copy";
import { read, rowsOf } from "../../docs/project";

const STEPS = 4;
const STEP = path.join(__dirname, "..", "..", "..", "faults", "obedient-fulfil-order.ts");
const FEW = { warmUp: 1, rounds: 1, ofRound: 5 };
/** Lines have figures of one to four digits. */
const LOG_BYTES_MORE_OR_LESS = 16;

const page = read("docs/costs.md");

async function onStack<T>(
  directory: string | undefined,
  count: (stack: CountedStack) => Promise<T>,
): Promise<T> {
  const stack = await startCountedStack(directory);
  try {
    return await count(stack);
  } finally {
    await stack.laptop.stop();
  }
}

async function countWarmOrder(stack: CountedStack, body: object): Promise<OrderCounts> {
  await placeOrder(stack, body);
  return countOrder(stack, body, new Map());
}

const callsOf = ({ calls }: OrderCounts) =>
  calls
    .filter(({ isOfFunction }) => isOfFunction)
    .map(({ caller, action, writeUnits }) => {
      const units = writeUnits ? ` ${writeUnits.item} + ${writeUnits.index}` : "";
      return `${caller} ${action}${units}`;
    });

describe("a small order on the laptop", () => {
  let order: OrderCounts;
  let scheduled: Awaited<ReturnType<typeof countScheduled>>;
  beforeAll(async () => {
    [order, scheduled] = await onStack(undefined, async (stack) => [
      await countWarmOrder(stack, SMALL_ORDER),
      await countScheduled(stack, FEW),
    ]);
  });

  it("takes six calls, two invocations and six write units", () => {
    expect(callsOf(order)).toEqual([
      "create-order PutItem 1 + 1",
      "create-order SendMessage",
      "process-order UpdateItem 1 + 0",
      "process-order UpdateItem 1 + 0",
      "process-order Publish",
      "process-order UpdateItem 1 + 1",
    ]);
    const invocations = order.functions.map(({ name, invocations: times }) => [name, times]);
    expect(invocations).toEqual([
      ["create-order", 1],
      ["process-order", 1],
    ]);
    // With its history, of four entries: larger, each of its writes would cost another unit.
    expect(order.itemBytes).toBeLessThan(1024);
  });

  it("takes what docs/costs.md says", () => {
    const bill = orderBill(order).filter(({ item }) => !item.includes("GB-seconds"));
    const rows = new Map(
      rowsOf(page, "item", "price", "now").map(([item = "", , quantity = ""]) => [
        item,
        Number(quantity.replaceAll(",", "")),
      ]),
    );
    for (const { item, quantity } of bill) {
      const isOfLog = item.startsWith("CloudWatch: log");
      const difference = Math.abs((rows.get(item) ?? 0) - quantity);
      expect([item, difference <= (isOfLog ? LOG_BYTES_MORE_OR_LESS : 0)]).toEqual([item, true]);
    }
  });

  it("is beside one scheduled function, which reads each shelf and the queue", () => {
    const [reconciler, ...others] = scheduled;
    expect(others).toEqual([]);
    expect(reconciler?.functions.map(({ name }) => name)).toEqual(["reconcile-orders"]);
    expect(reconciler?.calls.filter(({ action }) => action === "Query")).toHaveLength(16);
    expect(reconciler?.timesAMonth).toBe(730 * 60);
    expect(reconciler?.functions[0]?.cpu.median).toBeGreaterThan(0);
  });
});

describe("an order of several steps on the laptop", () => {
  it("takes one call and one write unit more for each", async () => {
    const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(STEP, "utf8") });
    try {
      const body = { ...SMALL_ORDER, metadata: { steps: STEPS } };
      const order = await onStack(copy.directory, (stack) => countWarmOrder(stack, body));
      expect(callsOf(order)).toHaveLength(6 + STEPS);
      const units = order.calls.flatMap(({ writeUnits }) => writeUnits ?? []);
      expect(units).toHaveLength(4 + STEPS);
      expect(units.reduce((sum, { item, index }) => sum + item + index, 0)).toBe(6 + STEPS);
      expect(order.functions.map(({ invocations }) => invocations)).toEqual([1, 1]);
    } finally {
      copy.remove();
    }
  });
});
