import type { Item } from "../handlers/aws/stored-order";
import { START } from "./world";

/** What a write has made of an order, for a trace: `PROCESSING, life 0, attempt 1, …`. */
export function describeWrite(before: Item | undefined, after: Item): string {
  const { status, attempt, redrives, tries } = after;
  const leaseUntil = Number(after["leaseUntil"]?.N ?? 0);
  const parts = [
    status?.S,
    `life ${redrives?.N ?? ""}, attempt ${attempt?.N ?? ""}, tries ${tries?.N ?? ""}`,
    after["kept"]?.L?.length === before?.["kept"]?.L?.length ? "" : `kept ${lastKept(after)}`,
    after["ending"] ? `ends ${after["ending"].S ?? ""}` : "",
    after["cancelRequestedAt"] && !before?.["cancelRequestedAt"] ? "to be cancelled" : "",
    leaseUntil > 0 ? `leased until ${secondsFromStart(leaseUntil)} s` : "",
    after["shelf"] ? `check at ${secondsFromStart(Number(after["checkAt"]?.N))} s` : "",
    after["notifiedAt"] && !before?.["notifiedAt"] ? "recorded as notified" : "",
  ];
  return parts.filter(Boolean).join(", ");
}

function lastKept(item: Item): string {
  return item["kept"]?.L?.at(-1)?.S ?? "nothing";
}

function secondsFromStart(time: number): number {
  return Math.round((time - START) / 1000);
}
