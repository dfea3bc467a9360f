import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { type Caller, type CallerDeps, mayActFor, withCaller } from "./caller";
import { enqueueOrLeave } from "./enqueue-order";
import { json, NO_SUCH_ORDER, problem } from "./http";
import { checkCancellationAt, isToBeCancelled, type StoredOrder, type Written } from "./life";
import { isEnd, ORDER_ID } from "./order";
import type { Telemetry } from "./telemetry";

export interface CancelOrderDeps extends CallerDeps, Telemetry {
  /** Cancels an order on which nobody has worked in its life; `owner`: only if it is this customer's. */
  cancelNewOrder(orderId: string, now: Date, owner?: string): Promise<Written>;
  /** Of a PROCESSING order, of which nobody has requested it before; conditional on the claim that was seen. */
  requestCancellation(seen: StoredOrder, checkAt: number, now: Date): Promise<Written>;
  enqueueOrder(orderId: string): Promise<void>;
  firstCheckSeconds: number;
}

/** A refusal means that a worker moved the order: more in a row would be a fault. */
const MAX_WRITES = 10;

/** DELETE /orders/{orderId}: the order is CANCELLED as soon as no step is running, after its undo. */
export function makeCancelOrder(deps: CancelOrderDeps) {
  return withCaller(deps, async (event, caller) => {
    const orderId = event.pathParameters?.["orderId"] ?? "";
    if (!ORDER_ID.test(orderId)) return noSuchOrder(event);
    let { ok, stored } = await cancelNew(deps, orderId, caller);
    for (let writes = 1; writes < MAX_WRITES; writes += 1) {
      if (!stored || !mayActFor(caller, stored.order.customerId)) return noSuchOrder(event);
      if (ok) return requested(deps, event, stored);
      const { order } = stored;
      if (order.status === "CANCELLED") return json(200, order);
      if (isEnd(order.status)) return problem(event, 409, `The order is ${order.status} already.`);
      if (isToBeCancelled(stored)) return json(202, order);
      ({ ok, stored } = await request(deps, stored, caller));
    }
    throw new Error(`the order changed ${MAX_WRITES} times under this request`);
  });
}

function cancelNew(deps: CancelOrderDeps, orderId: string, caller: Caller): Promise<Written> {
  return deps.cancelNewOrder(orderId, deps.now(), caller.isStaff ? undefined : caller.customerId);
}

function request(deps: CancelOrderDeps, seen: StoredOrder, caller: Caller): Promise<Written> {
  if (seen.order.status === "RECEIVED") return cancelNew(deps, seen.order.orderId, caller);
  const now = deps.now();
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
  return problem(event, 404, NO_SUCH_ORDER);
}
