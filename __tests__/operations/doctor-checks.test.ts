import { NO_SIGNING_KEYS } from "../../handlers/signing-keys";
import { DEFAULTS } from "../../infra/config";
import { checkAlarms } from "../../operations/doctor/checks/alarms";
import {
  checkProcessOrderDrift,
  checkQueueDrift,
  checkReconcilerDrift,
} from "../../operations/doctor/checks/drift";
import {
  checkConcurrency,
  checkFunction,
  checkLastError,
  checkSigningKeys,
} from "../../operations/doctor/checks/functions";
import {
  checkFailedOrders,
  checkOpenOrders,
  checkUndos,
} from "../../operations/doctor/checks/orders";
import { checkDeadLetters, checkQueue } from "../../operations/doctor/checks/queues";
import { checkReports, checkSchedule } from "../../operations/doctor/checks/schedule";
import { examine } from "../../operations/doctor/examine";
import { type Finding, type Level, verdictOf } from "../../operations/doctor/findings";
import type { Observations } from "../../operations/doctor/observations";
import { reportLines } from "../../operations/doctor/report";
import { stackOf } from "../../operations/target/stack";
import { stackOutputs } from "../support/stack-outputs";
import { closedOutputs } from "./closed-outputs";

const NOW = Date.parse("2026-01-02T12:00:00.000Z");
const MINUTE = 60_000;
const stack = stackOf(stackOutputs(), "a file");

/** `level text → runbook`, each. */
function brief(findings: Finding[]): string[] {
  return findings.map(({ level, text, runbook }) =>
    runbook === undefined ? `${level} ${text}` : `${level} ${text} → ${runbook}`,
  );
}

describe("alarms", () => {
  const alarm = (
    name: string,
    state: string,
    description = "Orders wait.",
    runbook = "docs/runbook.md",
  ) => ({
    name: `order-processing-dev-${name}`,
    description: `${description} ${runbook}#${name}`,
    state,
    since: NOW - 5 * MINUTE,
  });

  it("are bad where they are in ALARM, each with its section of the runbook", () => {
    const alarms = [
      alarm("oldest-order", "ALARM"),
      alarm("process-order-errors", "ALARM", "Orders take longer.", "https://example.com/r.md"),
      alarm("api-errors", "ALARM"),
      alarm("queue-age", "OK"),
    ];
    expect(brief(checkAlarms(alarms, stack, true, NOW))).toEqual([
      "bad oldest-order is in ALARM for 5 min: Orders wait. → oldest-order",
      "bad process-order-errors is in ALARM for 5 min: Orders take longer. → function-errors",
      "bad api-errors is in ALARM for 5 min: Orders wait. → api-errors",
    ]);
  });

  it("are well where none is, and where they are turned off", () => {
    const alarms = [alarm("a", "OK"), alarm("b", "INSUFFICIENT_DATA")];
    expect(brief(checkAlarms(alarms, stack, true, NOW))).toEqual([
      "ok 2 alarms, none in ALARM, 1 without data yet",
    ]);
    expect(brief(checkAlarms([], stack, false, NOW))).toEqual([
      "ok alarms are turned off (alarms.enabled)",
    ]);
    expect(brief(checkAlarms([], stack, true, NOW))).toEqual([
      "warning there are no alarms, and there should be",
    ]);
  });

  it.each([
    ["wants them", true, "warning there are no alarms, and there should be"],
    ["wants none", false, "ok alarms are turned off (alarms.enabled)"],
  ])("are missing in a deployment without them where the config %s", (_name, enabled, text) => {
    const unseen = { ok: false, why: "no", isMissing: false } as const;
    const seen = {
      ...{ queue: unseen, deadLetters: unseen, metrics: unseen, openOrders: unseen },
      ...{ failedOrders: unseen, processOrder: unseen, reconcileOrders: unseen },
      ...{ concurrency: unseen, schedule: unseen },
      lastErrors: {} as Observations["lastErrors"],
      alarms: { ok: true as const, value: [] },
      wanted: {
        ok: true as const,
        value: { ...DEFAULTS, alarms: { ...DEFAULTS.alarms, enabled } },
      },
    };
    const without = stackOf({ ...stackOutputs(), alarmTopicArn: null }, "a file");
    const [alarms] = examine(without, { kind: "stack", stack: "dev" }, seen, NOW);
    expect(brief(alarms?.findings ?? [])).toEqual([text]);
  });
});

describe("queues", () => {
  const check = (visible: number, inFlight: number, oldestSeconds: number | undefined) => {
    const queue = { visible, inFlight, visibilityTimeoutSeconds: 180, maxReceiveCount: 100 };
    return brief(checkQueue(queue, oldestSeconds, 3600));
  };
  const counts = "ok 3 messages wait, 2 are in flight";

  it.each<[number | undefined, string[]]>([
    [undefined, [counts]],
    [3600, [counts, "ok the oldest message is 1 h old, the limit is 1 h"]],
    [7201, [counts, "bad the oldest message is 2 h old, the limit is 1 h → queue-age"]],
  ])("are bad where the oldest message is too old: %p s", (seconds, expected) => {
    expect(check(3, 2, seconds)).toEqual(expected);
  });

  it("have no oldest message where none is left", () => {
    expect(check(0, 0, 7201)).toEqual(["ok 0 messages wait, 0 are in flight"]);
  });

  it.each([
    [120, "ok 3 messages wait, 0 are in flight"],
    [121, "warning 3 messages wait and nobody receives them → queue-age"],
  ])("warn where nobody has received messages for long: %p s", (seconds, expected) => {
    expect(check(3, 0, seconds)[0]).toBe(expected);
  });

  it("have dead letters of three kinds", () => {
    const none = { count: 0, lookedAt: 0, hints: 0, unknownOrders: [], foreign: [] };
    expect(brief(checkDeadLetters(none, "doctor"))).toEqual(["ok no dead letters"]);
    const mixed = { count: 12, lookedAt: 10, hints: 7, unknownOrders: ["x"], foreign: ["m", "n"] };
    const findings = checkDeadLetters(mixed, "doctor");
    expect(brief(findings)).toEqual([
      "ok 12 dead letters, of which 10 were looked at",
      "ok 7 about orders that are in the table: nobody needs these messages",
      "warning 1 about orders that are not in the table: x",
      "warning 2 about no order: message m, n → unrecognised-messages",
    ]);
    expect(findings[1]?.todo).toBe("doctor --clear-hints");
  });
});

describe("orders", () => {
  const open = {
    count: 3,
    isMore: false,
    overdue: 0,
    oldestOverdueSince: undefined,
    oldestOverdue: undefined,
    states: { RECEIVED: 1, "PROCESSING in attempt 2": 2 },
    lookedAt: 3,
  };
  const check = (change: Partial<Parameters<typeof checkOpenOrders>[0]>) =>
    checkOpenOrders({ ...open, ...change }, 900, NOW, "logs");

  it("are counted by status and attempt", () => {
    expect(brief(check({}))).toEqual([
      "ok 3 open: 1 RECEIVED, 2 PROCESSING in attempt 2",
      "ok none overdue",
    ]);
    expect(brief(check({ count: 2000, isMore: true, lookedAt: 3 }))[0]).toBe(
      "ok more than 2000 open; of 3: 1 RECEIVED, 2 PROCESSING in attempt 2",
    );
    expect(brief(check({ count: 0, states: {}, lookedAt: 0 }))[0]).toBe("ok 0 open");
  });

  it.each<[number, string]>([
    [1, "ok 2 overdue, the oldest for 1 min"],
    [3, "warning 2 overdue, the oldest for 3 min → oldest-order"],
    [15, "warning 2 overdue, the oldest for 15 min → oldest-order"],
    [16, "bad 2 overdue, the oldest for 16 min → oldest-order"],
  ])("are bad where the oldest is overdue for too long: %p min", (minutes, expected) => {
    const since = NOW - minutes * MINUTE;
    const findings = check({ overdue: 2, oldestOverdueSince: since, oldestOverdue: "x" });
    expect(brief(findings)[1]).toBe(expected);
    expect(findings[1]?.todo).toBe(minutes === 1 ? undefined : "logs x");
  });

  it.each<[number, number, string]>([
    [0, 0, "ok none FAILED"],
    [5, 1, "warning 5 FAILED, 1 of them in the last hour → orders-failed"],
    [5, 2, "bad 5 FAILED, 2 of them in the last hour → orders-failed"],
  ])("are bad where %p are FAILED, %p of them lately", (all, lastHour, expected) => {
    const counted = (count: number) => ({ count, isMore: false });
    const failed = { all: counted(all), lastHour: counted(lastHour) };
    expect(brief(checkFailedOrders(failed, 2, "redrive"))).toEqual([expected]);
  });

  it("are bad where an undo has failed", () => {
    const none = ["ok no undo has failed in the last day"];
    expect(brief(checkUndos(undefined, "logs"))).toEqual(none);
    expect(brief(checkUndos(0, "logs"))).toEqual(none);
    expect(brief(checkUndos(2, "logs"))).toEqual([
      "bad 2 undos have failed in the last day: what was taken may not be given back → undo-failed",
    ]);
  });
});

describe("functions", () => {
  it.each<[number, number, number, string[]]>([
    [9, 0, 0, ["ok process-order: 9 invocations in the last hour, none failed"]],
    [
      100,
      4,
      5,
      [
        "warning process-order: 4 of 100 invocations in the last hour failed → function-errors",
        "warning process-order: 5 were throttled, beside 100 in the last hour → function-throttles",
      ],
    ],
    [
      100,
      5,
      6,
      [
        "bad process-order: 5 of 100 invocations in the last hour failed → function-errors",
        "bad process-order: 6 were throttled, beside 100 in the last hour → function-throttles",
      ],
    ],
  ])("of %p invocations, %p errors, %p throttles", (invocations, errors, throttles, expected) => {
    const counts = { invocations, errors, throttles };
    expect(brief(checkFunction("process-order", counts))).toEqual(expected);
  });

  it("count refused tokens as errors, where they authorise callers: that is no failure", () => {
    const counts = { invocations: 100, errors: 90, throttles: 1 };
    expect(brief(checkFunction("authorize-caller", counts))).toEqual([
      "warning authorize-caller: 1 were throttled, beside 100 in the last hour → function-throttles",
    ]);
    expect(brief(checkFunction("authorize-caller", { ...counts, throttles: 0 }))).toEqual([
      "ok authorize-caller: 100 invocations in the last hour, 90 ended with a token refused or an error",
    ]);
    expect(brief(checkFunction("list-orders", { ...counts, throttles: 0 }))).toEqual([
      "bad list-orders: 90 of 100 invocations in the last hour failed → function-errors",
    ]);
  });

  it("warn where the issuer's keys could not be had, with where they should be", () => {
    const { auth } = stackOf(closedOutputs(), "a file").outputs;
    expect(checkSigningKeys(undefined, auth, NOW)).toEqual([]);
    const text = `${NO_SIGNING_KEYS}  error=Error: no`;
    const last = { at: NOW - MINUTE, message: NO_SIGNING_KEYS, text };
    const findings = checkSigningKeys(last, auth, NOW);
    expect(brief(findings)).toEqual([
      `warning authorize-caller: last error 1 min ago: ${text}: customers get 503 where it has no keys of the last hour → authorizer-failing`,
    ]);
    expect(findings[0]?.todo).toBe(
      "curl --fail https://issuer.example.com/.well-known/jwks.json shows whether the issuer gives its keys (auth.jwksUri)",
    );
  });

  it("have no last error", () => {
    expect(checkLastError("get-order", undefined, NOW)).toEqual([]);
  });

  it.each<[unknown, string]>([
    ["attempt failed", "attempts-failing"],
    ["undo failed", "undo-failed"],
    ["customer could not be notified", "notifications-failed"],
    ["order could not be moved on", "oldest-order"],
    ["request failed", "api-errors"],
    ["exited with code 1", "function-errors"],
    [{ errorType: "Error" }, "function-errors"],
  ])("have a last error, with the section that is about it: %p", (message, section) => {
    const last = { at: NOW - MINUTE, message, text: "what failed" };
    expect(brief(checkLastError("process-order", last, NOW))).toEqual([
      `warning process-order: last error 1 min ago: what failed → ${section}`,
    ]);
  });
});

const wanted = DEFAULTS;

describe("an account", () => {
  it.each<[number, Level]>([
    [14, "warning"],
    [15, "ok"],
  ])("with %p executions at once, of which workers may take five: %s", (unreserved, level) => {
    expect(checkConcurrency(unreserved, wanted)).toMatchObject([{ level }]);
  });
});

describe("the schedule", () => {
  it("is bad where it is not enabled, or silent", () => {
    expect(brief(checkSchedule("ENABLED"))).toEqual(["ok the schedule is enabled"]);
    expect(brief(checkSchedule("DISABLED"))).toEqual([
      "bad the schedule is DISABLED: nobody brings lost orders back → reconciler-stopped",
    ]);
    expect(brief(checkReports(4))).toEqual(["ok reconcile-orders reports"]);
    const silent = [
      "warning reconcile-orders has not reported for five minutes → reconciler-stopped",
    ];
    expect(brief(checkReports(0))).toEqual(silent);
    expect(brief(checkReports(undefined))).toEqual(silent);
  });
});

describe("what is deployed", () => {
  const queue = { visible: 0, inFlight: 0, visibilityTimeoutSeconds: 180, maxReceiveCount: 100 };
  const environment = { MAX_ATTEMPTS: "20", MAXIMUM_CONCURRENCY: "5" };
  const seen = { timeoutSeconds: 30, environment };

  it("is as the config wants it", () => {
    expect(checkQueueDrift(queue, wanted)).toEqual([]);
    expect(checkProcessOrderDrift(seen, wanted)).toEqual([]);
    expect(checkReconcilerDrift(seen, wanted)).toEqual([]);
  });

  it("differs", () => {
    const other = { ...queue, visibilityTimeoutSeconds: 30, maxReceiveCount: undefined };
    const bare = { timeoutSeconds: 3, environment: {} };
    const wants = "this checkout's config wants";
    expect(
      brief([
        ...checkQueueDrift(other, wanted),
        ...checkProcessOrderDrift(bare, wanted),
        ...checkReconcilerDrift(bare, wanted),
      ]),
    ).toEqual([
      `warning the orders queue's visibility timeout is 30, ${wants} 180`,
      `warning the orders queue's maximum receives is not set, ${wants} 100`,
      `warning process-order's timeout is 3, ${wants} 30`,
      `warning process-order's MAX_ATTEMPTS is not set, ${wants} 20`,
      `warning reconcile-orders' MAXIMUM_CONCURRENCY is not set, ${wants} 5`,
    ]);
  });
});

describe("the verdict", () => {
  const ok: Finding = { level: "ok", text: "fine" };
  const warning: Finding = { level: "warning", text: "hm", todo: "look" };
  const bad: Finding = { level: "bad", text: "no", runbook: "queue-age" };
  const unseen: Finding = { level: "unseen", text: "cannot see it" };
  const essential: Finding = { ...unseen, isEssential: true };

  it.each<[string, Finding[]]>([
    ["well", [ok]],
    ["well, 1 warning, 2 not seen", [ok, warning, unseen, unseen]],
    ["not well: no", [ok, bad, essential]],
    ["not well: no (and 1 more)", [bad, bad]],
    ["cannot tell: cannot see it", [ok, warning, essential]],
  ])("is one line: %s", (text, findings) => {
    expect(verdictOf([{ title: "x", findings }]).text).toBe(text);
  });

  it("stands before what to do, and what was seen", () => {
    const sections = [
      { title: "alarms", findings: [ok, bad] },
      { title: "queues", findings: [warning, unseen] },
    ];
    expect(reportLines(verdictOf(sections), sections)).toEqual([
      "not well: no",
      "",
      "What to do",
      "  no",
      "    docs/runbook.md#queue-age",
      "  hm",
      "    look",
      "",
      "alarms     ok       fine",
      "           bad      no",
      "queues     warning  hm",
      "           unseen   cannot see it",
    ]);
  });

  it("names each section once, with what is bad", () => {
    const findings: Finding[] = [
      { level: "bad", text: "queue-age is in ALARM", runbook: "queue-age" },
      { level: "bad", text: "get-order-errors is in ALARM", runbook: "function-errors" },
      { level: "bad", text: "create-order-errors is in ALARM", runbook: "function-errors" },
      { level: "warning", text: "nobody receives", todo: "look", runbook: "queue-age" },
      { level: "warning", text: "one differs", todo: "preview" },
      { level: "warning", text: "another differs", todo: "preview" },
    ];
    const sections = [{ title: "alarms", findings }];
    const lines = reportLines(verdictOf(sections), sections);
    expect(lines.slice(lines.indexOf("What to do") + 1, lines.lastIndexOf(""))).toEqual([
      "  queue-age is in ALARM",
      "    look",
      "    docs/runbook.md#queue-age",
      "  get-order-errors is in ALARM",
      "  create-order-errors is in ALARM",
      "    docs/runbook.md#function-errors",
      "  one differs",
      "  another differs",
      "    preview",
    ]);
  });
});
