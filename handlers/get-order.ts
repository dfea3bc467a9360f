import { type CallerDeps, mayActFor, withCaller } from "./caller";
import { historyEntries } from "./history";
import { json, NO_SUCH_ORDER, problem } from "./http";
import type { StoredOrder } from "./life";
import { ORDER_ID } from "./order";

export interface GetOrderDeps extends CallerDeps {
  readOrder(orderId: string): Promise<Pick<StoredOrder, "order" | "history"> | undefined>;
}

/** GET /orders/{orderId}, and GET /orders/{orderId}/history: what became of it, oldest first. */
export function makeGetOrder(deps: GetOrderDeps) {
  return withCaller(deps, async (event, caller) => {
    const orderId = event.pathParameters?.["orderId"] ?? "";
    const known = ORDER_ID.test(orderId) ? await deps.readOrder(orderId) : undefined;
    if (!known || !mayActFor(caller, known.order.customerId)) {
      return problem(event, 404, NO_SUCH_ORDER);
    }
    return event.resource.endsWith("/history")
      ? json(200, { orderId, history: historyEntries(known.history) })
      : json(200, known.order);
  });
}
