import type { Finding } from "../findings";

const RUNBOOK = "reconciler-stopped";

export function checkSchedule(state: string): Finding[] {
  if (state === "ENABLED") return [{ level: "ok", text: "the schedule is enabled" }];
  return [
    {
      level: "bad",
      text: `the schedule is ${state}: nobody brings lost orders back`,
      todo: "pulumi up --refresh",
      runbook: RUNBOOK,
    },
  ];
}

/** `count`: in the last five minutes. A stack that is younger may have none yet. */
export function checkReports(count: number | undefined): Finding[] {
  if (count !== undefined && count > 0) return [{ level: "ok", text: "reconcile-orders reports" }];
  const text = "reconcile-orders has not reported for five minutes";
  return [{ level: "warning", text, runbook: RUNBOOK }];
}
