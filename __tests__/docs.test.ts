import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { orderAttributes, SHELVES } from "../handlers/aws/stored-order";
import { TRANSITIONS } from "../handlers/order";
import { aStoredOrder, completedOrder, NOW } from "./support/orders";

const PROJECT = path.join(__dirname, "..");
const read = (...names: string[]) => readFileSync(path.join(PROJECT, ...names), "utf8");

/** Text of the test files of this name, in whichever folder. */
function testsIn(name: string): string {
  return readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === name)
    .map((file) => read("__tests__", file))
    .join("\n");
}

describe("docs/architecture.md", () => {
  const text = read("docs", "architecture.md");

  /** The rows of the table with these first columns, as its cells. */
  function rowsOf(...columns: string[]): string[][] {
    const lines = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    const isHead = (cells: string[]) => columns.every((column, i) => cells[i + 1] === column);
    const head = lines.findIndex(isHead);
    const rows = lines.slice(head + 2);
    return rows
      .slice(
        0,
        rows.findIndex(({ length }) => length === 1),
      )
      .map((row) => row.slice(1, -1));
  }

  it("has the transitions of an order that handlers/order.ts has", () => {
    const edges = rowsOf("step", "from", "to", "by whom", "when").map(([step, from, to]) => ({
      step,
      from,
      to,
    }));
    expect(edges).toEqual(TRANSITIONS);
  });

  it("has the attributes of an order in the table", () => {
    const named = rowsOf("attribute", "what").flatMap(([names = ""]) => names.match(/\w+/g) ?? []);
    const at = NOW.toISOString();
    const order = { rejectedAt: at, failedAt: at, notifiedAt: at, reason: "", metadata: {} };
    const { order: complete, ...bookkeeping } = aStoredOrder(completedOrder(order));
    expect(named.sort()).toEqual(
      [
        ...Object.keys(orderAttributes(complete)),
        ...Object.keys(bookkeeping),
        SHELVES.partition,
        "overdueSince",
      ].sort(),
    );
  });
});

describe("docs/security.md", () => {
  const text = read("docs", "security.md").replaceAll(/\s+/g, " ");
  const references = [...text.matchAll(/`([\w-]+\.test\.ts)`((?:,? "[^"]+")*)/g)];

  it("names tests that there are", () => {
    const missing = references.flatMap(([, name = "", titles = ""]) => {
      const tests = testsIn(name);
      const quoted = [...titles.matchAll(/"[^"]+"/g)].map(([title]) => title);
      return [tests === "" ? name : [], quoted.filter((title) => !tests.includes(title))].flat();
    });
    expect(missing).toEqual([]);
    expect(references.length).toBeGreaterThan(40);
  });

  it("looks at every kind of threat on each edge", () => {
    const edges = text.split(/ ## (?=\d)/).slice(1);
    expect(edges.map((edge) => parseInt(edge, 10))).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    for (const edge of edges) {
      const [title = ""] = edge.split("|");
      const kinds = new Set([...edge.matchAll(/\*\*([STRIDE])\*\*/g)].map(([, kind]) => kind));
      expect([title, [...kinds].sort().join("")]).toEqual([title, "DEIRST"]);
    }
  });
});
