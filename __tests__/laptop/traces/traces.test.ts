import { contextOf } from "../../../laptop/traces/trace-header";
import { makeTraces, MAX_TRACES } from "../../../laptop/traces/traces";

const rootOf = (n: number) => `1-00000000-${String(n).padStart(24, "0")}`;
const wait = (name: string) => ({ name, queue: "orders", messageId: name, receive: 1 });

describe("traces", () => {
  it("have spans with those that have caused them", () => {
    const traces = makeTraces();
    const request = traces.begin("request", undefined, { name: "POST /orders" });
    const call = traces.begin("wait", contextOf(request), wait("a"));
    expect(call).toMatchObject({ trace: request.trace, parent: request.id });
    expect(traces.get(request.trace)?.spans).toEqual([request, call]);
    traces.end(request, "lost");
    expect(request).toMatchObject({ milliseconds: expect.any(Number), trouble: "lost" });
    expect(call.milliseconds).toBeUndefined();
  });

  it("remember the newest ones, and nothing of those before", () => {
    const traces = makeTraces();
    const first = traces.begin("wait", { root: rootOf(0) }, wait("0"));
    for (let n = 1; n <= MAX_TRACES; n += 1) traces.begin("wait", { root: rootOf(n) }, wait("n"));
    expect([...traces.all()]).toHaveLength(MAX_TRACES);
    expect(traces.get(rootOf(0))).toBeUndefined();
    expect(traces.get(rootOf(1))).toBeDefined();
    expect(traces.find(first.id)).toBeUndefined();
    traces.end(first);
    expect(first.milliseconds).toBeUndefined();
  });

  it("have 500 spans each at most: the first ones", () => {
    const traces = makeTraces();
    for (let n = 0; n <= 500; n += 1) traces.begin("wait", { root: rootOf(0) }, wait(String(n)));
    const names = traces.get(rootOf(0))?.spans.map(({ name }) => name);
    expect([names?.length, names?.at(0), names?.at(-1)]).toEqual([500, "0", "499"]);
  });

  it("have a batch, and what it causes, in the traces of all its messages", () => {
    const traces = makeTraces();
    const details = { name: "work", function: "work", source: "queue:orders", requestId: "r" };
    const batch = traces.begin("invocation", [{ root: rootOf(1) }, { root: rootOf(2) }], {
      ...details,
      ...{ pid: 7, log: [] },
    });
    const caused = traces.begin("wait", contextOf(batch), wait("a"));
    for (const n of [1, 2]) expect(traces.get(rootOf(n))?.spans).toEqual([batch, caused]);
    traces.wroteItem(contextOf(batch), "an item");
    for (const n of [1, 2]) expect([...(traces.get(rootOf(n))?.items ?? [])]).toEqual(["an item"]);
  });

  it("count their changes, so that a page knows which it has not seen", () => {
    const traces = makeTraces();
    const [one, two] = [1, 2].map((n) => traces.begin("wait", { root: rootOf(n) }, wait("a")));
    const before = traces.changes;
    if (one) traces.end(one);
    expect(traces.get(one?.trace ?? "")?.changed).toBe(before + 1);
    expect(traces.get(two?.trace ?? "")?.changed).toBe(before);
    expect(traces.changes).toBe(before + 1);
  });
});
