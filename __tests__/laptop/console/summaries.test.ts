import { itemOf, itemSummaryOf, keyText, summaryOf } from "../../../laptop/console/summaries";
import { makeItems } from "../../../laptop/traces/items";
import { makeTraces, type RecordedTrace } from "../../../laptop/traces/traces";

const root = "1-00000000-000000000000000000000001";
const invocation = {
  ...{ name: "work", function: "work", source: "queue:jobs", requestId: "r", pid: 7 },
  log: [] as { at: number; level: string; text: string }[],
};

function aTrace(): { trace: RecordedTrace; traces: ReturnType<typeof makeTraces> } {
  const traces = makeTraces();
  traces.begin("request", { root }, { name: "POST /a", status: 202 });
  return { traces, trace: traces.get(root) ?? { id: "", spans: [], items: new Set(), changed: 0 } };
}

describe("the summary of a trace", () => {
  it("has the status of its request, and is open until all of it is over", () => {
    const { traces, trace } = aTrace();
    const [request] = trace.spans;
    const { startedAt = 0 } = request ?? {};
    expect(summaryOf(trace, startedAt + 70)).toMatchObject({
      ...{ id: root, name: "POST /a", status: 202, open: true, milliseconds: 70, spans: 1 },
    });
    if (request) traces.end(request);
    expect(summaryOf(trace, startedAt + 70).open).toBe(false);
  });

  it("has trouble where something failed, or logged an error", () => {
    const { traces, trace } = aTrace();
    const span = traces.begin("invocation", { root }, { ...invocation, log: [] });
    const logged = (level: string) => {
      span.log.push({ at: 0, level, text: "" });
      return summaryOf(trace, 0).troubled;
    };
    expect([logged("INFO"), logged("WARN"), logged("ERROR")]).toEqual([false, false, true]);
    span.log.splice(0);
    traces.end(span, "killed");
    expect(summaryOf(trace, 0).troubled).toBe(true);
  });
});

describe("an item as the console shows it", () => {
  const key = { shop: { S: "a/b" }, id: { N: "7" } };
  const items = makeItems(makeTraces());
  const write = (item: object | undefined) => {
    const call = { action: "PutItem", caller: "work" };
    items.wrote(
      { id: "1", table: "orders", key, item: item && { ...key, ...item } },
      call,
      undefined,
    );
    const recorded = items.get("1");
    if (!recorded) throw new Error("it was not recorded");
    return recorded;
  };

  it("is plain JSON, without a digit lost", () => {
    const huge = "12345678901234567890.5";
    const item = write({
      ...{ price: { N: "4.5" }, huge: { N: huge }, tags: { SS: ["x", "y"] } },
      ...{ bytes: { B: "aGk=" }, status: { S: "NEW" } },
    });
    const { attributes } = itemOf(item, []);
    expect(attributes).toMatchObject({ price: 4.5, huge, tags: ["x", "y"], status: "NEW" });
    expect(itemSummaryOf(item)).toMatchObject({
      ...{ id: "a%2Fb/7", key: { shop: "a/b", id: "7" }, status: "NEW", deleted: false, writes: 1 },
    });
    expect(keyText(key)).toBe("a%2Fb/7");
  });

  it("has what each write has changed", () => {
    const { history } = itemOf(write({ status: { S: "OLD" } }), []);
    expect(history.at(-1)).toMatchObject({ action: "PutItem", by: "work" });
    expect(history.at(-1)?.changes).toContainEqual({
      ...{ attribute: "status", before: "NEW", after: "OLD" },
    });
    expect(history.at(-1)?.changes).toContainEqual({ attribute: "price", before: 4.5 });
  });

  it("says that it was deleted", () => {
    const item = write(undefined);
    expect(itemSummaryOf(item)).toMatchObject({ deleted: true, writes: 3 });
    expect(itemOf(item, []).attributes).toEqual({});
  });
});
