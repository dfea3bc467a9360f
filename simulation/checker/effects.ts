import type { Effect } from "../provider";
import type { ObservedOrder } from "./observed-orders";
import type { Watch } from "./watch";

/** At the end of a history: what the steps of an order have had an effect on is as its lives have ended. */
export function checkEffects(
  { violated }: Watch,
  order: ObservedOrder,
  effects: readonly Effect[],
): void {
  for (const [redrives, { end }] of order.lives) {
    if (!end) continue;
    const standing = effects
      .filter((each) => each.redrives === redrives && each.isDone && !each.isCancelled)
      .map(({ step }) => step);
    if (end.status === "COMPLETED") {
      const missing = end.done.find((step) => !standing.includes(step));
      if (missing !== undefined) violated("I11", order, `COMPLETED without ${missing}`);
    } else if (standing.length > 0 && !end.isUndoFailed) {
      violated("I11", order, `${end.status}, and ${standing.join(", ")} was not undone`);
    }
  }
}
