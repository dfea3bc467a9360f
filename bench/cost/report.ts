import { PRICE_LIST, PRICES } from "../../infra/prices";
import { table } from "../table";
import { ASSUMED } from "./assumptions";
import { type BillLine, durationOf, total } from "./bill";
import type { BilledCall } from "./calls";
import type { CostResult, Costs } from "./costs";
import type { Counts, FunctionCount } from "./counts";

const MILLION = 1e6;

/** The result as tables, in Markdown. */
export function costReport({ orderBytes, current, baseline }: CostResult): string {
  const all = baseline ? [current, baseline] : [current];
  return [
    `## A million orders, each of ${orderBytes} bytes`,
    billTable(all, ({ bills }) => bills.order, MILLION),
    ...all.map(sensitivity),
    "## A month without orders",
    billTable(all, ({ bills }) => bills.month, 1),
    ...all.map(laterCosts),
    ...all.flatMap(details),
    `Prices: ${PRICE_LIST.region}, ${PRICE_LIST.date}, from ${PRICE_LIST.sources.join(" ")}`,
  ].join("\n\n");
}

/** What each takes, and that so many times at its price. A row for each item that any of them has. */
function billTable(
  all: readonly Costs[],
  billOf: (costs: Costs) => BillLine[],
  times: number,
): string {
  const bills = all.map(billOf);
  const prices = new Map(bills.flat().map(({ item, price }) => [item, price]));
  const rows = [...prices].map(([item, price]) => {
    const quantities = bills.map((bill) => quantityOf(bill, item));
    const cells = quantities.flatMap((each) => [figure(each), dollars(each * price * times)]);
    return {
      isThere: quantities.some((each) => each > 0),
      cells: [item, priceOf(price), ...cells],
    };
  });
  const sums = bills.flatMap((bill) => ["", dollars(total(bill) * times)]);
  return table(
    ["item", "price", ...all.flatMap(({ name }) => [name, "$"])],
    [
      ...rows.filter(({ isThere }) => isThere).map(({ cells }) => cells),
      ["all of it", "", ...sums],
    ],
  );
}

function quantityOf(bill: readonly BillLine[], item: string): number {
  return bill.find((line) => line.item === item)?.quantity ?? 0;
}

/** What the assumption does to the total. */
function sensitivity({ name, order }: Costs): string {
  const { callMilliseconds } = ASSUMED;
  const more = computeCost(order, 2 * callMilliseconds) - computeCost(order, callMilliseconds);
  return `${name}: $${dollars(more * MILLION)} more if a call takes ${2 * callMilliseconds} ms and not ${callMilliseconds}.`;
}

function computeCost({ functions }: Counts, callMilliseconds: number): number {
  const costs = functions.map((each) => {
    const price = each.isArm ? PRICES.functionGigabyteSecond : PRICES.functionGigabyteSecondX86;
    const seconds = (durationOf(each, callMilliseconds).billed / 1000) * each.invocations;
    return (each.memoryMegabytes / 1024) * seconds * price;
  });
  return costs.reduce((sum, cost) => sum + cost, 0);
}

function laterCosts({ name, bills, metricsOfOrders }: Costs): string {
  const metrics = dollars(metricsOfOrders.length * PRICES.customMetric);
  return [
    `${name}: a million orders that are kept are $${dollars(total(bills.monthOfStorage))} a month,`,
    `and ${metricsOfOrders.length} metrics that come with orders $${metrics}.`,
  ].join(" ");
}

function details({ name, order, scheduled }: Costs): string[] {
  return [
    `## The calls of one order: ${name}`,
    table(["caller", "call", "billed as"], order.calls.map(callRow)),
    `## The functions: ${name}`,
    table(
      ["function", "memory", "CPU, warm", "calls", "billed"],
      [order, ...scheduled].flatMap(({ functions }) => functions.map(functionRow)),
    ),
  ];
}

function callRow({ caller, action, writeUnits, readUnits, requests }: BilledCall): string[] {
  if (writeUnits) return [caller, action, `write units: ${writeUnits.item} + ${writeUnits.index}`];
  const isRead = readUnits !== undefined;
  return [caller, action, isRead ? `read units: ${readUnits}` : `requests: ${requests ?? 0}`];
}

function functionRow(each: FunctionCount): string[] {
  const { name, memoryMegabytes, cpu, calls, invocations } = each;
  return [
    name,
    `${memoryMegabytes} MB`,
    `${cpu.median.toFixed(1)} (${cpu.min.toFixed(1)} to ${cpu.max.toFixed(1)}) ms`,
    figure(calls / invocations),
    `${durationOf(each).billed} ms`,
  ];
}

const SCALES = [
  [1, ""],
  [MILLION, " a million"],
  [1e9, " a billion"],
] as const;

function priceOf(price: number): string {
  if (price === 0) return "free";
  const [times, unit] = SCALES.find(([scale]) => price * scale >= 0.01) ?? [1, ""];
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 3 };
  return `$${(price * times).toLocaleString("en", options)}${unit}`;
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}

function figure(quantity: number): string {
  const options = Number.isInteger(quantity) ? {} : { maximumSignificantDigits: 3 };
  return quantity.toLocaleString("en", options);
}
