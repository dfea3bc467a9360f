import { type BillLine, monthBill, orderBill } from "../../bench/cost/bill";
import type { Counts } from "../../bench/cost/counts";
import { read, rowsOf } from "./project";

const page = read("docs/costs.md");
const CENT = 0.01;
const NOTHING: Counts = {
  calls: [],
  functions: [],
  apiRequests: 0,
  deliveries: 0,
  logBytes: { functions: 0, platform: 0 },
  metrics: [],
};

const pricesOf = (bill: BillLine[]) => new Map(bill.map(({ item, price }) => [item, price]));
const numberIn = (cell: string) => Number(cell.replaceAll(",", ""));
const tables = page.split(/^## /m).map((section) => `${section}\n`);
const rowsIn = (section: string) =>
  rowsOf(tables.find((each) => each.startsWith(section)) ?? "", "item", "price");

describe.each([
  ["A million orders", 1e6, pricesOf(orderBill(NOTHING))],
  [
    "A month without orders",
    1,
    pricesOf(
      monthBill({ polledQueues: 0, alarmMetrics: 0, dashboards: 0 }, [
        { ...NOTHING, timesAMonth: 1 },
      ]),
    ),
  ],
])("docs/costs.md: %s", (section, times, prices) => {
  const rows = rowsIn(section);
  const items = rows.slice(0, -1);

  it("costs what it takes at the price of each", () => {
    for (const [item = "", , now = "", dollars = "", before = "", dollarsBefore = ""] of items) {
      const price = prices.get(item) ?? NaN;
      // Figures stand there in three digits.
      const near = (cell: string) => numberIn(cell) * price * times * 0.005 + CENT;
      expect([
        item,
        Math.abs(numberIn(now) * price * times - numberIn(dollars)) < near(now),
      ]).toEqual([item, true]);
      expect([
        item,
        Math.abs(numberIn(before) * price * times - numberIn(dollarsBefore)) < near(before),
      ]).toEqual([item, true]);
    }
  });

  it("adds up", () => {
    for (const column of [3, 5]) {
      const sum = items.reduce((total, row) => total + numberIn(row[column] ?? ""), 0);
      const all = numberIn(rows.at(-1)?.[column] ?? "");
      expect(Math.abs(sum - all)).toBeLessThan((CENT / 2) * items.length + CENT / 2);
    }
  });
});
