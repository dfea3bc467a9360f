import type { Write } from "../../protocol";

export interface StatusStep {
  status: string;
  at: number;
  /** Milliseconds after the step before. */
  after?: number;
}

/** What an item's `status` became, one after the other. */
export function statusesOf(history: Write[]): StatusStep[] {
  const steps: StatusStep[] = [];
  for (const { at, changes } of history) {
    const after = changes.find(({ attribute }) => attribute === "status")?.after;
    if (typeof after !== "string") continue;
    const before = steps.at(-1);
    steps.push({ status: after, at, ...(before && { after: at - before.at }) });
  }
  return steps;
}
