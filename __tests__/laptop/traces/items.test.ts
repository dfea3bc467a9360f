import { makeItems, MAX_ITEMS, MAX_WRITES } from "../../../laptop/traces/items";
import { contextOf } from "../../../laptop/traces/trace-header";
import { makeTraces } from "../../../laptop/traces/traces";

const call = { action: "PutItem", caller: "work" };

function setUp() {
  const traces = makeTraces();
  const items = makeItems(traces);
  const write = (id: string, item: object | undefined, context?: { root: string }) => {
    const key = { id: { S: id } };
    items.wrote({ id, table: "orders", key, item: item && { ...key, ...item } }, call, context);
  };
  return { traces, items, write };
}

describe("items", () => {
  it("have what each write has changed", () => {
    const { items, write } = setUp();
    write("a", { status: { S: "NEW" }, size: { N: "1" } });
    write("a", { status: { S: "OLD" }, size: { N: "1" } });
    write("a", undefined);
    const { writes = [], item, writeCount } = items.get("a") ?? {};
    expect(writes.map(({ before, after }) => ({ before, after }))).toEqual([
      { before: {}, after: { id: { S: "a" }, status: { S: "NEW" }, size: { N: "1" } } },
      { before: { status: { S: "NEW" } }, after: { status: { S: "OLD" } } },
      { before: { id: { S: "a" }, status: { S: "OLD" }, size: { N: "1" } }, after: {} },
    ]);
    expect([item, writeCount]).toEqual([undefined, 3]);
  });

  it("know the invocation that has written them, whose trace has them", () => {
    const { traces, items, write } = setUp();
    const span = traces.begin("invocation", undefined, {
      ...{ name: "work", function: "work", source: "queue:orders", requestId: "r" },
      ...{ pid: 7, receives: 2, log: [] },
    });
    write("a", {}, contextOf(span));
    expect(items.get("a")?.writes).toMatchObject([
      { caller: "work", trace: span.trace, invocation: { requestId: "r", pid: 7, receives: 2 } },
    ]);
    expect([...(traces.get(span.trace)?.items ?? [])]).toEqual(["a"]);
  });

  it("remember those that were written last", () => {
    const { items, write } = setUp();
    for (let n = 0; n < MAX_ITEMS; n += 1) write(String(n), {});
    write("0", {});
    write("another", {});
    expect([...items.all()]).toHaveLength(MAX_ITEMS);
    expect(items.get("0")).toBeDefined();
    expect(items.get("1")).toBeUndefined();
    expect([...items.all()].at(-1)?.[0]).toBe("another");
  });

  it("remember the first write, and the latest", () => {
    const { items, write } = setUp();
    for (let n = 0; n <= MAX_WRITES; n += 1) write("a", { n: { N: String(n) } });
    const { writes = [], writeCount } = items.get("a") ?? {};
    expect([writes.length, writeCount]).toEqual([MAX_WRITES, MAX_WRITES + 1]);
    const numbers = [0, 1, -1].map((at) => writes.at(at)?.after["n"]);
    expect(numbers).toEqual([{ N: "0" }, { N: "2" }, { N: String(MAX_WRITES) }]);
  });
});
