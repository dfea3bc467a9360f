import { makeTracedMessages } from "../../../laptop/traces/messages";
import { formatTraceHeader } from "../../../laptop/traces/trace-header";
import { makeTraces } from "../../../laptop/traces/traces";

const context = { root: "1-00000000-000000000000000000000001" };

function setUp() {
  const traces = makeTraces();
  const messages = makeTracedMessages(traces);
  messages.sent("orders", "m", context);
  const waits = () =>
    (traces.get(context.root)?.spans ?? []).map((span) => [
      span.kind === "wait" && span.receive,
      span.milliseconds === undefined ? "waits" : "received",
    ]);
  return { messages, waits };
}

describe("a traced message", () => {
  it("waits until it is received", () => {
    const { messages, waits } = setUp();
    expect(waits()).toEqual([[1, "waits"]]);
    messages.received("orders", "m");
    expect(waits()).toEqual([[1, "received"]]);
  });

  it("waits again where it was not handled", () => {
    const { messages, waits } = setUp();
    messages.received("orders", "m");
    messages.returned("orders", "m");
    expect(waits()).toEqual([
      [1, "received"],
      [2, "waits"],
    ]);
    messages.received("orders", "m");
    expect(waits()[1]).toEqual([2, "received"]);
  });

  it("is received again also where nobody has given it back", () => {
    const { messages, waits } = setUp();
    messages.received("orders", "m");
    messages.received("orders", "m");
    messages.returned("orders", "m");
    messages.returned("orders", "m");
    expect(waits()).toEqual([
      [1, "received"],
      [2, "received"],
      [3, "waits"],
    ]);
  });

  it("keeps its header until it has been handled", () => {
    const { messages, waits } = setUp();
    messages.received("orders", "m");
    expect(messages.headerOf("m")).toBe(formatTraceHeader(context));
    messages.handled("m");
    expect(messages.headerOf("m")).toBeUndefined();
    messages.returned("orders", "m");
    messages.received("orders", "unknown");
    expect(waits()).toHaveLength(1);
  });

  it("is forgotten where 100,000 others were sent since", () => {
    const { messages } = setUp();
    for (let n = 0; n < 99_999; n += 1) messages.published(String(n), context);
    expect(messages.contextOf("m")).toEqual(context);
    messages.published("another", context);
    expect(messages.contextOf("m")).toBeUndefined();
    expect(messages.contextOf("0")).toEqual(context);
  });
});
