import { eventLine } from "../../laptop/event-line";

const noon = new Date(2026, 0, 2, 12, 0, 0);

const alarm = {
  kind: "alarm" as const,
  name: "dev-slow",
  description: "Orders wait.",
  reason: "data points 5",
};

const watched = {
  kind: "watch" as const,
  files: ["infra/api.ts", "index.ts"],
  milliseconds: 1320,
};

describe("a line of the laptop's log", () => {
  it.each([
    [
      { kind: "published" as const, subject: "Order 1 is completed", topic: "order-events" },
      "12:00:00  published     Order 1 is completed  → order-events",
    ],
    [
      {
        kind: "request" as const,
        method: "POST",
        path: "/dev/orders",
        status: 202,
        milliseconds: 41,
        api: { name: "orders", stage: "dev" },
        madeBy: "function" as const,
        integrationMilliseconds: 40,
      },
      "12:00:00  request       POST /dev/orders  202 in 41 ms",
    ],
    [
      {
        kind: "request" as const,
        method: "GET",
        path: "/dev/orders/1",
        status: 401,
        milliseconds: 2,
        api: { name: "orders", stage: "dev" },
        madeBy: "gateway" as const,
        errorType: "UNAUTHORIZED" as const,
        integrationMilliseconds: undefined,
      },
      "12:00:00  request       GET /dev/orders/1  401 in 2 ms  not authorised (no valid token)",
    ],
    [
      { kind: "issuer" as const, issuer: "https://idp.example.com/" },
      "12:00:00  issuer        https://idp.example.com/  served by this machine; tokens: npm run token",
    ],
    [
      {
        kind: "invocation" as const,
        function: "process-order",
        requestId: "r",
        pid: 7,
        milliseconds: 12,
        error: undefined,
        log: [
          { level: "INFO", message: { message: "order completed", orderId: "o-1" } },
          { level: "ERROR", message: { message: "no", stack: "Error: no\n at x" } },
          { level: "DEBUG", message: "two\nlines" },
        ],
        logGroup: "g",
      },
      "12:00:00  invocation    process-order (pid 7)  12 ms  order completed orderId=o-1; ERROR no; DEBUG two ⏎ lines",
    ],
    [
      {
        kind: "invocation" as const,
        function: "get-order",
        requestId: "r",
        pid: 7,
        milliseconds: 1,
        error: "killed by SIGKILL",
        log: [],
        logGroup: "g",
      },
      "12:00:00  invocation    get-order (pid 7)  1 ms  FAILED: killed by SIGKILL",
    ],
    [
      {
        kind: "invocation" as const,
        function: "create-order",
        requestId: "r",
        pid: 7,
        milliseconds: 1,
        error: undefined,
        log: [
          { _aws: { Timestamp: 1 }, level: "INFO", message: undefined, OrdersAccepted: 1 },
          {
            level: "ERROR",
            message: "attempt failed",
            timestamp: "2026-01-02T12:00:00.000Z",
            service: "order-processing",
            cold_start: true,
            function_arn: "arn",
            function_memory_size: "512",
            function_name: "create-order",
            function_request_id: "r",
            xray_trace_id: "1-2-3",
            sampling_rate: 0,
            orderId: "o-1",
            attempt: 2,
            error: { name: "TypeError", location: "x:1", message: "no", stack: "TypeError: no" },
          },
        ],
        logGroup: "g",
      },
      "12:00:00  invocation    create-order (pid 7)  1 ms  ERROR attempt failed orderId=o-1 attempt=2 error=TypeError: no",
    ],
    [
      {
        kind: "notification" as const,
        subject: "Order o-1 is completed",
        topic: "order-events",
        to: "email",
        delivered: false,
      },
      "12:00:00  notification  Order o-1 is completed  → email (not sent from a laptop)",
    ],
    [
      {
        kind: "notification" as const,
        subject: "Order o-1 is completed",
        topic: "order-events",
        to: "audit",
        delivered: false,
        refusal: "no",
      },
      "12:00:00  notification  Order o-1 is completed  → audit (no)",
    ],
    [{ kind: "throttled" as const, function: "get-order" }, "12:00:00  throttled     get-order"],
    [
      { ...alarm, state: "ALARM" as const, previousState: "OK" as const },
      "12:00:00  ALARM         dev-slow: Orders wait. (data points 5)",
    ],
    [
      { ...alarm, state: "OK" as const, previousState: "ALARM" as const },
      "12:00:00  OK            dev-slow",
    ],
    [{ ...alarm, state: "OK" as const, previousState: "INSUFFICIENT_DATA" as const }, undefined],
    [{ ...alarm, state: "INSUFFICIENT_DATA" as const, previousState: "ALARM" as const }, undefined],
    [
      { kind: "outage" as const, service: "sqs" as const, seconds: 25 },
      "12:00:00  outage        sqs is down for 25 s",
    ],
    [{ kind: "outage" as const, service: "sqs" as const }, "12:00:00  outage        sqs is back"],
    [
      { kind: "outage" as const, service: "sns" as const, seconds: 3, throttled: true },
      "12:00:00  outage        sns throttles all calls for 3 s",
    ],
    [
      { ...watched, changes: { live: ['function "process-order"'], gone: ['role "old"'] } },
      '12:00:00  watch         infra/api.ts, index.ts: function "process-order" live, role "old" deleted after 1,320 ms',
    ],
    [
      { ...watched, changes: { live: [], gone: [] } },
      "12:00:00  watch         infra/api.ts, index.ts: nothing to change after 1,320 ms",
    ],
    [
      { ...watched, failure: "index.ts (3,1): ';' expected.\n    at somewhere" },
      "12:00:00  watch         infra/api.ts, index.ts: not taken over, and all goes on as it was: index.ts (3,1): ';' expected.",
    ],
    [{ kind: "warning" as const, text: "mind this" }, "12:00:00  warning       mind this"],
  ])("is one line that a person can read, or none", (event, line) => {
    expect(eventLine(event, noon)).toBe(line);
  });
});
