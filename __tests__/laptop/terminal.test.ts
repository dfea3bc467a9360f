import type { StackEvent } from "../../laptop/events";
import { hasColours, makeTerminal } from "../../laptop/terminal";

const alarm = { kind: "alarm" as const, name: "slow", description: "", reason: "" };
const invocation = {
  kind: "invocation" as const,
  function: "f",
  requestId: "r",
  pid: 7,
  milliseconds: 1,
  error: undefined,
  logGroup: "g",
};
const request = {
  kind: "request" as const,
  method: "GET",
  path: "/",
  milliseconds: 1,
  api: undefined,
  madeBy: "gateway" as const,
  integrationMilliseconds: undefined,
};
const wellEvents: StackEvent[] = [
  { ...request, status: 404 },
  { ...invocation, log: [{ level: "INFO", message: "done" }] },
  { kind: "published", subject: "Order 1 is completed", topic: "t" },
];
const troubles: [StackEvent, string][] = [
  [{ ...request, status: 502 }, "red"],
  [{ ...invocation, log: [], error: "exited with code 1" }, "red"],
  [{ ...invocation, log: [{ level: "ERROR", message: "no" }] }, "red"],
  [{ ...alarm, state: "ALARM", previousState: "OK" }, "red"],
  [{ ...invocation, log: [{ level: "WARN", message: "again" }] }, "yellow"],
  [{ kind: "warning", text: "unknown" }, "yellow"],
  [{ kind: "throttled", function: "f" }, "yellow"],
  [{ kind: "outage", service: "sqs", seconds: 5 }, "yellow"],
  [{ ...alarm, state: "OK", previousState: "ALARM" }, "green"],
  [{ kind: "outage", service: "sqs" }, "green"],
];

function linesOf(options: { quiet?: boolean; colours?: boolean }, ...events: StackEvent[]) {
  const lines: string[] = [];
  const terminal = makeTerminal({ quiet: false, colours: false, ...options }, (line) =>
    lines.push(line),
  );
  terminal.progress("starting");
  events.forEach((event) => terminal.event(event));
  return lines;
}

describe("the terminal", () => {
  it("has a line for what goes on, and for each event", () => {
    expect(linesOf({}, ...wellEvents)).toHaveLength(4);
  });

  it.each(troubles)("prints what goes wrong also when it is quiet: %j", (event) => {
    expect(linesOf({ quiet: true }, ...wellEvents, event)).toHaveLength(1);
  });

  const codes: Record<string, string> = { red: "31", yellow: "33", green: "32" };
  it.each(troubles)("paints it: %j is %s", (event, colour) => {
    const [line = ""] = linesOf({ colours: true }, event).slice(1);
    expect(line).toMatch(`\u001b[${codes[colour] ?? ""}m`);
    expect(line.endsWith("\u001b[39m")).toBe(true);
  });

  it("keeps an event on its line, whatever is written in it", () => {
    const text = "a\r\n  b\tc\u001b[2J";
    expect(linesOf({}, { kind: "warning", text })[1]).toMatch(
      /^\d\d:\d\d:\d\d {2}warning {7}a ⏎ b c\\u001b\[2J$/,
    );
  });
});

describe("colours", () => {
  it.each([
    [{ isTTY: true }, { TERM: "xterm" }, true],
    [{ isTTY: true }, { TERM: "xterm", NO_COLOR: "1" }, false],
    [{ isTTY: true }, { TERM: "dumb" }, false],
    [{ isTTY: false }, { TERM: "xterm" }, false],
    [{}, { FORCE_COLOR: "1" }, true],
    [{ isTTY: true }, { TERM: "xterm", FORCE_COLOR: "0" }, false],
  ])("depend on %j and %j: %s", (stream, env, expected) => {
    expect(hasColours(stream, env)).toBe(expected);
  });
});
