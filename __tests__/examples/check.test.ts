import { type Accepted, violationsOf } from "../../examples/proof/check";
import type { Entry } from "../../examples/shop-server/ledger";

const STOCK = 100;
const items = [{ sku: "tea", quantity: 3, unitPrice: 4.1 }, { sku: "mug" }];

const RESOURCES: Partial<Record<Entry["what"], Entry["resource"]>> = {
  reserved: "reservations",
  released: "reservations",
  shipped: "shipments",
  recalled: "shipments",
};

function anOrder(status: string, isCancelled = false): Accepted {
  return { orderId: "order-1", items, status, isCancelled };
}

/** `left` follows from them. */
function booksOf(whats: Entry["what"][], changed: Partial<Entry> = {}) {
  const entries = whats.map((what): Entry => ({
    what,
    resource: RESOURCES[what] ?? "charges",
    key: "k",
    orderId: "order-1",
    customerId: "alice",
    units: 4,
    amount: 12.3,
    ...changed,
  }));
  const units = (of: Entry["what"]) =>
    entries.reduce((sum, { what, units: each }) => sum + (what === of ? each : 0), 0);
  return { entries, left: STOCK - units("reserved") + units("released") };
}

const SOLD: Entry["what"][] = ["reserved", "charged", "shipped"];
const UNDONE: Entry["what"][] = ["recalled", "refunded", "released"];

const found = (order: Accepted, whats: Entry["what"][], changed?: Partial<Entry>) =>
  violationsOf([order], booksOf(whats, changed), STOCK);

describe("the check of the shop's books", () => {
  it.each<[string, Accepted, Entry["what"][]]>([
    ["is COMPLETED and sold", anOrder("COMPLETED"), SOLD],
    ["had repetitions", anOrder("COMPLETED"), ["reserved", "repeated", "charged", "shipped"]],
    ["is CANCELLED and undone", anOrder("CANCELLED", true), [...SOLD, ...UNDONE]],
    ["is CANCELLED before anything", anOrder("CANCELLED", true), []],
    ["is REJECTED", anOrder("REJECTED"), ["reserved", "declined", "cancelled", "released"]],
    [
      "is FAILED, and charged too late",
      anOrder("FAILED"),
      ["reserved", "cancelled", "released", "too late"],
    ],
  ])("finds nothing wrong with an order that %s", (_what, order, whats) => {
    expect(found(order, whats)).toEqual([]);
  });

  it.each<[string, Accepted, Entry["what"][], string]>([
    ["was charged twice", anOrder("COMPLETED"), [...SOLD, "charged"], "it was charged 2 times"],
    [
      "was charged again after a refund",
      anOrder("COMPLETED"),
      [...SOLD, "refunded", "charged"],
      "it was charged 2 times",
    ],
    ["was shipped twice", anOrder("COMPLETED"), [...SOLD, "shipped"], "it was shipped 2 times"],
    [
      "was never charged",
      anOrder("COMPLETED"),
      ["reserved", "shipped"],
      "charges that stand: 0, and not 1",
    ],
    [
      "was refunded though it is COMPLETED",
      anOrder("COMPLETED"),
      [...SOLD, "refunded"],
      "charges that stand: 0, and not 1",
    ],
    [
      "was never shipped",
      anOrder("COMPLETED"),
      ["reserved", "charged"],
      "shipments that stand: 0, and not 1",
    ],
    [
      "has no stock",
      anOrder("COMPLETED"),
      ["charged", "shipped"],
      "units that stay reserved: 0, and not 4",
    ],
    [
      "has its stock twice",
      anOrder("COMPLETED"),
      ["reserved", ...SOLD],
      "units that stay reserved: 8, and not 4",
    ],
    ...["REJECTED", "FAILED", "CANCELLED"].flatMap(
      (end): [string, Accepted, Entry["what"][], string][] => [
        [
          `is ${end} and charged`,
          anOrder(end),
          ["reserved", "charged", "released"],
          "charges that stand: 1, and not 0",
        ],
        [
          `is ${end} and shipped`,
          anOrder(end),
          [...SOLD, "refunded", "released"],
          "shipments that stand: 1, and not 0",
        ],
        [
          `is ${end} and has stock`,
          anOrder(end),
          ["reserved", "charged", "refunded"],
          "units that stay reserved: 4, and not 0",
        ],
      ],
    ),
    [
      "is refunded twice",
      anOrder("CANCELLED"),
      [...SOLD, ...UNDONE, "refunded"],
      "charges that stand: -1, and not 0",
    ],
    ["has not ended", anOrder("PROCESSING"), [], "it has not ended"],
    [
      "is COMPLETED though its cancellation was accepted",
      anOrder("COMPLETED", true),
      SOLD,
      "its cancellation was accepted",
    ],
  ])("notices an order that %s", (_what, order, whats, violation) => {
    const sentence = `order order-1, ${order.status}: ${violation}`;
    expect(found(order, whats)).toContain(sentence);
  });

  it("notices a charge of another amount", () => {
    const violation = "order order-1, COMPLETED: 1 was charged, not 12.3";
    expect(found(anOrder("COMPLETED"), SOLD, { amount: 1 })).toEqual([violation]);
  });

  it("notices an order that nobody has sent", () => {
    expect(violationsOf([], booksOf([...SOLD, ...UNDONE]), STOCK)).toEqual([
      "order order-1 is in the books, and was never accepted",
    ]);
  });

  it("notices stock that is lost", () => {
    const { entries } = booksOf(SOLD);
    expect(violationsOf([anOrder("COMPLETED")], { entries, left: STOCK - 5 }, STOCK)).toEqual([
      "5 units of stock are taken, 4 are of COMPLETED orders",
    ]);
  });
});
