import { historyEntries, type HistoryEntry } from "../../handlers/history";
import { ORDER_ID } from "../../handlers/order";
import type { ListDeps } from "./list";

/** Says what became of each order, oldest first. Gives false where there is no such order. */
export async function showHistories(
  deps: Pick<ListDeps, "readOrder" | "say">,
  orderIds: string[],
): Promise<boolean> {
  let isComplete = true;
  for (const orderId of orderIds) {
    const stored = ORDER_ID.test(orderId) ? await deps.readOrder(orderId) : undefined;
    if (!stored) {
      deps.say(`${orderId}  there is no such order`);
      isComplete = false;
      continue;
    }
    deps.say(`${orderId}  ${stored.order.status}`);
    for (const entry of historyEntries(stored.history)) deps.say(`  ${line(entry)}`);
  }
  return isComplete;
}

function line({ at, firstAt, count, change, from, to, attempt, ...about }: HistoryEntry): string {
  const { step, why, until } = about;
  return [
    firstAt === undefined ? at : `${firstAt} to ${at}`,
    count === undefined ? change : `${change} × ${count}`,
    from === to ? to : `${from ?? "new"} → ${to}`,
    `attempt ${attempt}`,
    ...(step === undefined ? [] : [`"${step}"`]),
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(why === undefined ? [] : [why]),
  ].join("  ");
}
