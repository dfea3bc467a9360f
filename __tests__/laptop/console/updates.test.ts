import type { ServerResponse } from "node:http";
import { makeActivity, MAX_LINES } from "../../../laptop/console/activity";
import type { Update } from "../../../laptop/console/protocol";
import { makeUpdates, TICK_MILLISECONDS, type Watchable } from "../../../laptop/console/updates";
import { makeOutages } from "../../../laptop/endpoint/outages";
import { makeTracing } from "../../../laptop/traces/tracing";

jest.useFakeTimers();
afterEach(() => jest.clearAllTimers());

function setUp() {
  const tracing = makeTracing();
  const activity = makeActivity(tracing.traces);
  const outages = makeOutages([], (event) => activity.event(event));
  const stack = {
    ...{ tracing, activity, outages },
    functions: { byArn: new Map() },
    alarms: { all: () => [] },
  } as unknown as Watchable;
  const updates = makeUpdates(stack);
  const open = (lastEventId?: string) => {
    const written: string[] = [];
    let close: (() => void) | undefined;
    const response = {
      write: (text: string) => written.push(text),
      once: (_event: string, listener: () => void) => void (close = listener),
    };
    updates.stream(response as unknown as ServerResponse, lastEventId);
    return {
      close: () => close?.(),
      written,
      /** What has come since this was last asked. */
      news: () =>
        written
          .splice(0)
          .flatMap((text) => /^data: (.*)$/m.exec(text)?.[1] ?? [])
          .map((text) => JSON.parse(text) as Update),
      id: () => /^id: (.*)$/m.exec(written.at(-1) ?? "")?.[1],
    };
  };
  const begin = (name: string) => tracing.traces.begin("request", undefined, { name });
  const line = (text: string) => activity.event({ kind: "warning", text });
  return { tracing, activity, outages, updates, open, begin, line };
}

describe("the stream of updates", () => {
  it("gives everything at first, and then what has changed", () => {
    const { open, begin, line } = setUp();
    begin("one");
    line("first");
    const page = open();
    expect(page.news()).toMatchObject([
      { fresh: true, traces: [{ name: "one" }], lines: [{ text: "first" }] },
    ]);
    begin("two");
    line("second");
    jest.advanceTimersByTime(TICK_MILLISECONDS);
    expect(page.news()).toMatchObject([
      { fresh: false, traces: [{ name: "two" }], lines: [{ text: "second" }] },
    ]);
  });

  it("says nothing while nothing changes, but that it is there", () => {
    const { open } = setUp();
    const page = open();
    page.written.splice(0);
    jest.advanceTimersByTime(15_000);
    expect(page.written).toEqual([]);
    jest.advanceTimersByTime(2 * TICK_MILLISECONDS);
    expect(page.written).toEqual([":\n\n"]);
  });

  it("goes on where a broken one has ended", () => {
    const { open, begin, tracing } = setUp();
    const span = begin("one");
    begin("two");
    const broken = open();
    const id = broken.id();
    broken.close();
    begin("three");
    tracing.traces.end(span);
    const [update, ...others] = open(id).news();
    expect(others).toEqual([]);
    expect(update?.fresh).toBe(false);
    expect(update?.traces.map(({ name }) => name)).toEqual(["one", "three"]);
  });

  it.each(["", "another-life:1:0:0:0", "nonsense"])("begins anew after %j", (id) => {
    const { open, begin } = setUp();
    begin("one");
    expect(open(id).news()).toMatchObject([{ fresh: true, traces: [{ name: "one" }] }]);
  });

  it("begins anew on all pages when the stack was emptied", () => {
    const { open, begin, tracing, updates } = setUp();
    begin("one");
    const pages = [open(), open()];
    pages.forEach(({ news }) => news());
    tracing.traces.clear();
    updates.restart();
    jest.advanceTimersByTime(TICK_MILLISECONDS);
    for (const page of pages) expect(page.news()).toMatchObject([{ fresh: true, traces: [] }]);
  });

  it("gives 100 traces at most, the newest first, and the last lines", () => {
    const { open, begin, line } = setUp();
    for (let n = 0; n < 600; n += 1) {
      begin(String(n));
      line(String(n));
    }
    const [update] = open().news();
    expect(update?.traces).toHaveLength(100);
    expect(update?.traces[0]).toMatchObject({ name: "599" });
    expect(update?.lines).toHaveLength(MAX_LINES);
    expect(update?.lines.at(-1)).toMatchObject({ text: "599" });
  });

  it("has outages while they last", () => {
    const { open, outages } = setUp();
    const page = open();
    page.news();
    outages.start({ service: "sqs", kind: "throttled", seconds: 60 });
    jest.advanceTimersByTime(TICK_MILLISECONDS);
    expect(page.news()).toMatchObject([{ outages: [{ service: "sqs", kind: "throttled" }] }]);
    outages.end("sqs");
    jest.advanceTimersByTime(TICK_MILLISECONDS);
    expect(page.news()).toMatchObject([{ outages: [] }]);
  });

  it("ends with its page", () => {
    const { open, begin } = setUp();
    const page = open();
    page.news();
    page.close();
    begin("one");
    jest.advanceTimersByTime(10 * TICK_MILLISECONDS);
    expect(page.written).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
