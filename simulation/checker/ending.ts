import { isEnd } from "../../handlers/order";
import type { ObservedOrder } from "./observed-orders";
import { checkWholeHistory } from "./past";
import type { Row } from "./row";
import type { Watch } from "./watch";

/** Ended and notified: nothing more is to come. */
export function isFinished({ status, isNotified }: Row): boolean {
  return isEnd(status) && isNotified;
}

/** At the end of a history. `isPoison`: the step of that customer's order always kills its process. */
export function checkEnding(
  watch: Watch,
  order: ObservedOrder,
  isPoison: (customerId: string) => boolean,
): void {
  const { row, lives } = order;
  if (!row) return;
  const { status } = row;
  if (!isEnd(status)) watch.violated("I1", order, `still ${status}`);
  else if (!row.isNotified) watch.violated("I1", order, `${status}, and not notified`);
  else if (!watch.isRestored() && !lives.get(row.redrives)?.published.has(status)) {
    watch.violated("I4", order, `${status} was not published`);
  }
  checkWholeHistory(watch, order, row);
  if (isPoison(row.customerId) && status !== "FAILED" && !row.isToBeCancelled) {
    watch.violated("I5", order, `a poison, and ${status}`);
  }
}
