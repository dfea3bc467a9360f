import { json, problem, withProblemResponses } from "./http";
import { type Order, ORDER_ID } from "./order";

export interface GetOrderDeps {
  readOrder(orderId: string): Promise<{ order: Order } | undefined>;
  isRetryable(error: unknown): boolean;
}

/** GET /orders/{orderId} */
export function makeGetOrder(deps: GetOrderDeps) {
  return withProblemResponses(deps, async (event) => {
    const orderId = event.pathParameters?.["orderId"] ?? "";
    const known = ORDER_ID.test(orderId) ? await deps.readOrder(orderId) : undefined;
    return known ? json(200, known.order) : problem(event, 404, "There is no such order.");
  });
}
