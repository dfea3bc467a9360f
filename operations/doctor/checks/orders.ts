import { formatAge } from "../../ages";
import type { Finding, Level } from "../findings";
import type { Counted, FailedOrdersSeen, OpenOrdersSeen } from "../observations";

/** The reconciler runs each minute: what is overdue for less is about to be moved on. */
const SOON_MILLISECONDS = 120_000;

export function countText({ count, isMore }: Counted): string {
  return isMore ? `more than ${count}` : String(count);
}

/** `logs`: npm run logs with this stack. */
export function checkOpenOrders(
  seen: OpenOrdersSeen,
  limitSeconds: number,
  now: number,
  logs: string,
): Finding[] {
  const open: Finding = { level: "ok", text: `${countText(seen)} open${statesText(seen)}` };
  if (seen.oldestOverdueSince === undefined) return [open, { level: "ok", text: "none overdue" }];
  const age = now - seen.oldestOverdueSince;
  const level = overdueLevel(age, limitSeconds);
  const overdue: Finding = {
    level,
    text: `${seen.overdue} overdue, the oldest for ${formatAge(age)}`,
    ...(level !== "ok" && {
      todo: `${logs} ${seen.oldestOverdue ?? ""}`,
      runbook: "oldest-order",
    }),
  };
  return [open, overdue];
}

function statesText({ count, states, lookedAt }: OpenOrdersSeen): string {
  const counted = Object.entries(states).map(([state, each]) => `${each} ${state}`);
  if (counted.length === 0) return "";
  return `${lookedAt < count ? `; of ${lookedAt}` : ""}: ${counted.join(", ")}`;
}

function overdueLevel(age: number, limitSeconds: number): Level {
  if (age > limitSeconds * 1000) return "bad";
  return age > SOON_MILLISECONDS ? "warning" : "ok";
}

/** `redrive`: npm run redrive with this stack. */
export function checkFailedOrders(
  { all, lastHour }: FailedOrdersSeen,
  limit: number,
  redrive: string,
): Finding[] {
  if (all.count === 0) return [{ level: "ok", text: "none FAILED" }];
  const text = `${countText(all)} FAILED, ${countText(lastHour)} of them in the last hour`;
  const level = lastHour.count >= limit ? "bad" : "warning";
  return [{ level, text, todo: redrive, runbook: "orders-failed" }];
}

/** `count`: in the last day. */
export function checkUndos(count: number | undefined, logs: string): Finding[] {
  if (count === undefined || count === 0) {
    return [{ level: "ok", text: "no undo has failed in the last day" }];
  }
  const undos = count === 1 ? "1 undo has" : `${count} undos have`;
  return [
    {
      level: "bad",
      text: `${undos} failed in the last day: what was taken may not be given back`,
      todo: `${logs} --match "the undo has failed" --since 1d`,
      runbook: "undo-failed",
    },
  ];
}
