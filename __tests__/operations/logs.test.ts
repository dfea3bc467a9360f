import type { LogsCommand } from "../../operations/logs/arguments";
import { entryText, parseEntry } from "../../operations/logs/entry";
import type { LogLine, LogQuery } from "../../operations/logs/log-events";
import { showLogs } from "../../operations/logs/logs";
import { aStoredOrder } from "../support/orders";

const ORDER_ID = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
const NOW = Date.parse("2026-01-02T12:00:00.000Z");
const HOUR = 3_600_000;
const of: LogsCommand = { kind: "order", orderId: ORDER_ID };
const line = (at: number, entry: object): LogLine => ({
  at: NOW + at,
  message: JSON.stringify(entry),
});

async function show(command: LogsCommand, lines: Record<string, LogLine[]>, isKnown = true) {
  const said: string[] = [];
  const queries: LogQuery[] = [];
  const finders = Object.entries(lines).map(([name, found]) => [
    name,
    (query: LogQuery) => (queries.push(query), Promise.resolve(found)),
  ]);
  const history = [{ change: "accept" as const, at: NOW, attempt: 0 }];
  const stored = { ...aStoredOrder({ orderId: ORDER_ID }), history };
  const deps = {
    functions: Object.fromEntries(finders) as Parameters<typeof showLogs>[0]["functions"],
    readOrder: () => Promise.resolve(isKnown ? stored : undefined),
    say: (text: string) => void said.push(text),
    now: () => new Date(NOW),
  };
  return { ok: await showLogs(deps, command, HOUR), said, queries };
}

describe("npm run logs", () => {
  it("shows an order's entries over all functions, oldest first, and its history", async () => {
    const metrics = { _aws: {}, stack: "dev", OrdersAccepted: 1 };
    const { ok, said, queries } = await show(of, {
      "create-order": [
        line(5, { level: "INFO", message: "order accepted", orderId: ORDER_ID, cold_start: true }),
        line(5, metrics),
      ],
      "process-order": [
        line(9, {
          level: "ERROR",
          message: "no",
          orderId: ORDER_ID,
          error: { name: "E", message: "m" },
        }),
        line(7, { level: "WARN", message: "order claimed", orderId: ORDER_ID, attempt: 1 }),
      ],
    });
    expect(ok).toBe(true);
    expect(said).toEqual([
      "2026-01-02T12:00:00.005Z  create-order      INFO   order accepted",
      "2026-01-02T12:00:00.007Z  process-order     WARN   order claimed  attempt=1",
      "2026-01-02T12:00:00.009Z  process-order     ERROR  no  error=E: m",
      "",
      `${ORDER_ID}  RECEIVED`,
      "  2026-01-02T12:00:00.000Z  accept  new → RECEIVED  attempt 0",
    ]);
    const query = { pattern: `{ $.orderId = "${ORDER_ID}" }`, from: NOW - HOUR };
    expect(queries).toEqual([query, query]);
  });

  it("shows entries in which a text stands, with their orders", async () => {
    const entry = { level: "INFO", message: "order accepted", orderId: ORDER_ID };
    const { ok, said, queries } = await show(
      { kind: "match", text: 'a "b"' },
      { f: [line(0, entry)] },
    );
    expect(ok).toBe(true);
    expect(said).toEqual([
      `2026-01-02T12:00:00.000Z  f                 INFO   order accepted  orderId=${ORDER_ID}`,
    ]);
    expect(queries[0]?.pattern).toBe('"a \\"b\\""');
  });

  it("shows equal neighbours as one, with their number", async () => {
    const failed = { level: "ERROR", message: "exited with code 1" };
    const { said } = await show(
      { kind: "match", text: "ERROR" },
      {
        f: [0, 1, 2, 4].map((at) => line(at, { ...failed, requestId: `r${at}` })),
        g: [line(3, failed)],
      },
    );
    expect(said).toEqual([
      "2026-01-02T12:00:00.000Z  f                 ERROR  exited with code 1  (3 times, until 2026-01-02T12:00:00.002Z)",
      "2026-01-02T12:00:00.003Z  g                 ERROR  exited with code 1",
      "2026-01-02T12:00:00.004Z  f                 ERROR  exited with code 1",
    ]);
  });

  it("says where there is nothing, and fails where there is no such order", async () => {
    const none =
      "No log entries in the last 1 h: --since looks further back, as far as logs are kept.";
    expect(await show({ kind: "match", text: "x" }, { f: [] })).toMatchObject({
      ok: true,
      said: [none],
    });
    expect(await show(of, { f: [] }, false)).toMatchObject({
      ok: false,
      said: [none, "", `${ORDER_ID}  there is no such order`],
    });
    expect(await show(of, { f: [] })).toMatchObject({ ok: true });
  });
});

describe("a log entry", () => {
  it.each([
    ["a plain line", "START\u001b[31m\nx", "START [31m x"],
    [
      "Lambda's own",
      '{"time":"t","type":"platform.start","record":{"a":1}}',
      'platform.start  record={"a":1}',
    ],
    ["an object as message", '{"level":"INFO","message":{"a":1}}', '{"a":1}'],
    ["an error that is a text", '{"message":"m","error":"e"}', "m  error=e"],
  ])("is one line: %s", (_name, text, expected) => {
    expect(entryText(parseEntry(text))).toBe(expected);
  });
});
