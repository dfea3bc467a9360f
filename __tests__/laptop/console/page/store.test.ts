import { EMPTY, nothingYet, rate, reduce, type State } from "../../../../laptop/console/page/store";
import type { ItemSummary, TraceSummary, Update } from "../../../../laptop/console/protocol";

const LIMITS = { traces: 3, items: 3, writesOfItem: 50, lines: 3 };

function update(changes: Partial<Update>): Update {
  return {
    fresh: false,
    at: 1000,
    functions: [],
    queues: [],
    flows: [],
    outages: [],
    alarms: [],
    traces: [],
    items: [],
    lines: [],
    ...changes,
  };
}

function trace(id: string, startedAt: number, open = false): TraceSummary {
  return { id, name: id, startedAt, milliseconds: 1, spans: 1, troubled: false, open };
}

function item(id: string, changedAt: number, table = "orders"): ItemSummary {
  return { table, id, key: { id }, changedAt, writes: 1, deleted: false };
}

function after(...updates: Partial<Update>[]): State {
  return updates.reduce<State>((state, each) => reduce(state, update(each), LIMITS), EMPTY);
}

describe("the page's state", () => {
  it("replaces what changed, newest first, and forgets the oldest beyond the limit", () => {
    const state = after(
      { traces: [trace("b", 2, true), trace("a", 1)] },
      { traces: [trace("d", 4), trace("c", 3), trace("b", 2)] },
    );
    expect(state.traces.map(({ id, open }) => [id, open])).toEqual([
      ["d", false],
      ["c", false],
      ["b", false],
    ]);
  });

  it("keeps items of the same key in two tables apart", () => {
    const state = after({ items: [item("1", 5)] }, { items: [item("1", 6, "customers")] });
    expect(state.items.map(({ table }) => table)).toEqual(["customers", "orders"]);
  });

  it("shows the newest lines first", () => {
    const line = (text: string) => ({ at: 0, kind: "request", text });
    const state = after({ lines: [line("a"), line("b")] }, { lines: [line("c"), line("d")] });
    expect(state.lines.map(({ text }) => text)).toEqual(["d", "c", "b"]);
  });

  it("keeps what an update does not mention, but for outages and alarms", () => {
    const queue = { name: "orders", waiting: 1, inFlight: 0, delayed: 0, oldestSeconds: 3 };
    const outage = { service: "sqs", kind: "cut-off" as const, until: 9 };
    const state = after({ queues: [queue], outages: [outage] }, {});
    expect(state.queues).toEqual({ orders: queue });
    expect(state.outages).toEqual([]);
  });

  it("forgets everything at a fresh update", () => {
    const state = after({ traces: [trace("a", 1)], items: [item("1", 1)] }, { fresh: true });
    expect(state).toEqual({ ...EMPTY, updates: 2 });
  });
});

describe("what flows over an edge", () => {
  const flow = (count: number, at: number, fresh = false) => ({
    at,
    fresh,
    flows: [{ edge: "a→b", count }],
  });

  it("is what was counted in the last four seconds", () => {
    const state = after(flow(100, 0, true), flow(104, 1000), flow(112, 3000));
    expect(rate(state.flows["a→b"], 3000)).toBe(3);
    expect(rate(state.flows["a→b"], 5500)).toBe(2);
    expect(rate(state.flows["a→b"], 9000)).toBe(0);
  });

  it("is nothing at a fresh update, whatever has been counted before", () => {
    expect(rate(after(flow(100, 1000, true)).flows["a→b"], 1000)).toBe(0);
    expect(rate(undefined, 1000)).toBe(0);
  });
});

it("says that nothing has happened until a request came", () => {
  expect(nothingYet(EMPTY)).toBe(false);
  expect(nothingYet(after({ traces: [trace("schedule", 1)] }))).toBe(true);
  expect(nothingYet(after({ traces: [{ ...trace("POST /orders", 1), status: 202 }] }))).toBe(false);
  expect(nothingYet(after({ items: [item("1", 1)] }))).toBe(false);
});
