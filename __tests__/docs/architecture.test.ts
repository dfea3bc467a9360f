import { CUSTOMERS, orderAttributes, SHELVES } from "../../handlers/aws/stored-order";
import { TRANSITIONS } from "../../handlers/order";
import { aStoredOrder, completedOrder, NOW } from "../support/orders";
import { read, rowsOf } from "./project";

describe("docs/architecture.md", () => {
  const page = read("docs/architecture.md");

  it("has the transitions of an order that handlers/order.ts has", () => {
    const edges = rowsOf(page, "change", "from", "to", "by whom", "when").map(
      ([change, from, to]) => ({
        change,
        from,
        to,
      }),
    );
    expect(edges).toEqual(TRANSITIONS);
  });

  it("draws the same transitions", () => {
    const drawn = [...page.matchAll(/^ +([A-Z]+) --> ([A-Z]+): ([a-z ]+)$/gm)];
    expect(drawn.map(([, from, to, change]) => ({ change, from, to }))).toEqual(TRANSITIONS);
  });

  it("has the attributes of an order in the table", () => {
    const named = rowsOf(page, "attribute", "what").flatMap(
      ([names = ""]) => names.match(/\w+/g) ?? [],
    );
    const at = NOW.toISOString();
    const ends = { rejectedAt: at, failedAt: at, cancelledAt: at, cancelRequestedAt: at };
    const order = { ...ends, notifiedAt: at, reason: "", metadata: {} };
    const { order: complete, ...bookkeeping } = aStoredOrder(completedOrder(order));
    expect(named.sort()).toEqual(
      [
        ...Object.keys(orderAttributes(complete)),
        ...Object.keys(bookkeeping),
        SHELVES.partition,
        "overdueSince",
        "undoFailed",
      ].sort(),
    );
  });

  it("has the indexes of the table, with what they hold", () => {
    const [, shelves = ""] = /The index `shelves` has ([^.]+)\./.exec(page) ?? [];
    const [, customers = ""] = /The index `customers`([^;]+?)\. Only a change/.exec(page) ?? [];
    const named = (text: string) => (text.match(/`(\w+)`/g) ?? []).map((name) => name.slice(1, -1));
    for (const [text, { partition, sort, projected }] of [
      [shelves, SHELVES],
      [customers, CUSTOMERS],
    ] as const) {
      expect(named(text)).toEqual([partition, sort, ...projected]);
    }
  });

  it("has the arrows between folders that lint enforces", () => {
    const [, arrows = ""] = /const ARROWS = \{([^}]+)\}/.exec(read("eslint.config.mjs")) ?? [];
    const enforced = [...arrows.matchAll(/^ +"?([\w-]+)"?: \[(.*)\],$/gm)].map(
      ([, folder = "", names = ""]) => [folder, names.match(/[\w/-]+/g) ?? []],
    );
    const listed = rowsOf(page, "folder", "what", "imports").map(([folder = "", , names = ""]) => [
      folder.replaceAll(/[`/]/g, ""),
      names.match(/[\w/-]+/g) ?? [],
    ]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(enforced));
  });
});
