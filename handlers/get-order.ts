import { historyEntries } from "./history";
import { json, problem, withProblemResponses } from "./http";
import type { StoredOrder } from "./life";
import { ORDER_ID } from "./order";
import type { Telemetry } from "./telemetry";

export interface GetOrderDeps extends Pick<Telemetry, "log"> {
  readOrder(orderId: string): Promise<Pick<StoredOrder, "order" | "history"> | undefined>;
  isRetryable(error: unknown): boolean;
}

/** GET /orders/{orderId}, and GET /orders/{orderId}/history: what became of it, oldest first. */
export function makeGetOrder(deps: GetOrderDeps) {
  return withProblemResponses(deps, async (event) => {
    const orderId = event.pathParameters?.["orderId"] ?? "";
    const known = ORDER_ID.test(orderId) ? await deps.readOrder(orderId) : undefined;
    if (!known) return problem(event, 404, "There is no such order.");
    return event.resource.endsWith("/history")
      ? json(200, { orderId, history: historyEntries(known.history) })
      : json(200, known.order);
  });
}
