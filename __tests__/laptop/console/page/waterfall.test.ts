import { barOf, rowsOf, scaleOf, titleOf } from "../../../../laptop/console/page/traces/waterfall";
import type {
  CallSpan,
  InvocationSpan,
  LogLine,
  RequestSpan,
  Span,
  Trace,
  WaitSpan,
} from "../../../../laptop/console/protocol";

const BASE = 1_000_000;

const request: RequestSpan = {
  kind: "request",
  id: "request",
  trace: "1-t",
  name: "POST /orders",
  startedAt: BASE,
  milliseconds: 100,
};

function invocation(id: string, parent: string, at: number, log: LogLine[] = []): InvocationSpan {
  return {
    kind: "invocation",
    id,
    trace: "1-t",
    parent,
    name: id,
    function: id,
    source: "test",
    requestId: id,
    pid: 1,
    startedAt: BASE + at,
    milliseconds: 90,
    log,
  };
}

function call(id: string, parent: string, at: number): CallSpan {
  return {
    kind: "call",
    id,
    trace: "1-t",
    parent,
    name: id,
    service: "sqs",
    action: "SendMessage",
    resource: "orders",
    startedAt: BASE + at,
    milliseconds: 10,
    tries: [],
  };
}

function wait(id: string, parent: string, at: number, milliseconds?: number): WaitSpan {
  return {
    kind: "wait",
    id,
    trace: "1-t",
    parent,
    name: id,
    queue: "orders",
    messageId: "m",
    receive: 1,
    startedAt: BASE + at,
    ...(milliseconds !== undefined && { milliseconds }),
  };
}

function traceOf(...timeline: Span[]): Trace {
  return {
    id: "1-0",
    name: "POST /orders",
    startedAt: BASE,
    milliseconds: 0,
    spans: timeline.length,
    troubled: false,
    open: false,
    items: [],
    timeline,
  };
}

function shown(timeline: Span[]): string[] {
  return rowsOf(timeline).map((row) => {
    const text = "span" in row ? row.span.id : `"${row.line.text}"`;
    return "  ".repeat(row.depth) + text;
  });
}

describe("the rows of a waterfall", () => {
  const log = [
    { at: BASE + 5, level: "INFO", text: "before" },
    { at: BASE + 60, level: "INFO", text: "after" },
  ];

  it("have children below parents, log lines in their place, and after it what its messages caused", () => {
    const timeline = [
      request,
      invocation("create", "request", 2, log),
      call("send", "create", 20),
      wait("wait", "create", 30, 40),
      call("second", "create", 50),
      invocation("process", "send", 70),
    ];
    expect(shown(timeline)).toEqual([
      "request",
      "  create",
      '    "before"',
      "    send",
      "    second",
      '    "after"',
      "  wait",
      "  process",
    ]);
  });

  it("show a span whose parent is not known", () => {
    expect(shown([call("orphan", "forgotten", 0)])).toEqual(["orphan"]);
  });
});

it("names spans without what is said beside them", () => {
  const again = { ...wait("wait", "send", 0), receive: 2 };
  expect([request, call("c", "", 0), wait("wait", "", 0), again].map(titleOf)).toEqual([
    "POST /orders",
    "SendMessage orders",
    "in orders",
    "in orders, receive 2",
  ]);
});

describe("the scale of a waterfall", () => {
  it("goes evenly from the first beginning to the last end", () => {
    const scale = scaleOf(traceOf(request, invocation("create", "request", 10)), BASE);
    expect(scale.folds).toEqual([]);
    expect(barOf(scale, BASE, BASE + 100)).toEqual({ left: 0, width: 100 });
    expect(barOf(scale, BASE + 25, BASE + 50)).toEqual({ left: 25, width: 25 });
    expect(scale.ticks.map(({ at }) => at)).toEqual([0, 20, 40, 60, 80]);
  });

  it("folds the time in which a message only waits", () => {
    const trace = traceOf(
      request,
      wait("wait", "request", 100, 180_000),
      invocation("process", "wait", 180_100),
    );
    const scale = scaleOf(trace, BASE);
    expect(scale.folds).toEqual([{ from: BASE + 100, to: BASE + 180_100 }]);
    expect(barOf(scale, BASE, BASE + 100).width).toBeGreaterThan(40);
    expect(barOf(scale, BASE + 100, BASE + 180_100).width).toBeLessThan(10);
    expect(scale.at(BASE + 180_190)).toBeCloseTo(100);
    expect(scale.ticks.map(({ at }) => at)).toContain(180_100);
  });

  it("lets what goes on reach until now", () => {
    const going = wait("wait", "request", 100);
    const scale = scaleOf({ ...traceOf(request, going), open: true }, BASE + 150);
    expect(scale.at(BASE + 150)).toBe(100);
  });
});
