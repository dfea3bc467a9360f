import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { enqueueOrLeave } from "./enqueue-order";
import { json, problem, withProblemResponses } from "./http";
import { checkCancellationAt, isToBeCancelled, type StoredOrder, type Written } from "./life";
import { isEnd, ORDER_ID } from "./order";
import type { Telemetry } from "./telemetry";

export interface CancelOrderDeps extends Telemetry {
  /** Cancels an order on which nobody has worked in its life. */
  cancelNewOrder(orderId: string, now: Date): Promise<Written>;
  /** Of a PROCESSING order, of which nobody has requested it before; conditional on the claim that was seen. */
  requestCancellation(seen: StoredOrder, checkAt: number, now: Date): Promise<Written>;
  enqueueOrder(orderId: string): Promise<void>;
  firstCheckSeconds: number;
  isRetryable(error: unknown): boolean;
  now(): Date;
}

/** A refusal means that a worker moved the order: more in a row would be a fault. */
const MAX_WRITES = 10;

/** DELETE /orders/{orderId}: the order is CANCELLED as soon as no step is running, after its undo. */
export function makeCancelOrder(deps: CancelOrderDeps) {
  return withProblemResponses(deps, async (event) => {
    const orderId = event.pathParameters?.["orderId"] ?? "";
    if (!ORDER_ID.test(orderId)) return noSuchOrder(event);
    let { ok, stored } = await deps.cancelNewOrder(orderId, deps.now());
    for (let writes = 1; writes < MAX_WRITES; writes += 1) {
      if (!stored) return noSuchOrder(event);
      if (ok) return requested(deps, event, stored);
      const { order } = stored;
      if (order.status === "CANCELLED") return json(200, order);
      if (isEnd(order.status)) return problem(event, 409, `The order is ${order.status} already.`);
      if (isToBeCancelled(stored)) return json(202, order);
      ({ ok, stored } = await request(deps, stored));
    }
    throw new Error(`the order changed ${MAX_WRITES} times under this request`);
  });
}

function request(deps: CancelOrderDeps, seen: StoredOrder): Promise<Written> {
  const now = deps.now();
  if (seen.order.status === "RECEIVED") return deps.cancelNewOrder(seen.order.orderId, now);
  return deps.requestCancellation(seen, checkCancellationAt(seen, now.getTime(), deps), now);
}

async function requested(
  deps: CancelOrderDeps,
  event: APIGatewayProxyEvent,
  { order }: StoredOrder,
): Promise<APIGatewayProxyResult> {
  const { orderId } = order;
  if (order.status === "CANCELLED") deps.measure("OrdersCancelled");
  deps.log.info("cancellation requested", {
    orderId,
    apiRequestId: event.requestContext.requestId,
  });
  await enqueueOrLeave(deps, orderId);
  return json(202, order);
}

function noSuchOrder(event: APIGatewayProxyEvent): APIGatewayProxyResult {
  return problem(event, 404, "There is no such order.");
}
