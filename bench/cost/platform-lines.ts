/**
 * The lines that Lambda itself writes for an invocation that succeeds, in its JSON format: as its documentation has
 * them (Telemetry API, "Event schema reference"), with ids and figures as long as they usually are. Of system log
 * level INFO: at WARN only what fails has lines.
 */
const REQUEST_ID = "6d68ca91-49c9-448d-89b8-7ca3e6dc66aa";
const TRACING = {
  spanId: "54565fb41ac79632",
  type: "X-Amzn-Trace-Id",
  value: "Root=1-62e900b2-710d76f009d6e7785905449a;Parent=0efbd19962d95b05;Sampled=1",
};
const METRICS = {
  durationMs: 93.92,
  billedDurationMs: 94,
  memorySizeMB: 512,
  maxMemoryUsedMB: 112,
};

export function platformLines(isTraced: boolean): string[] {
  const tracing = isTraced && { tracing: TRACING };
  return [
    line("platform.start", { requestId: REQUEST_ID, version: "$LATEST", ...tracing }),
    line("platform.report", {
      requestId: REQUEST_ID,
      metrics: METRICS,
      status: "success",
      ...tracing,
    }),
  ];
}

function line(type: string, record: object): string {
  return JSON.stringify({ time: "2022-10-12T00:00:00.000Z", type, record });
}
