import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { type CallerDeps, mayActFor, withCaller } from "./caller";
import { enqueueOrLeave } from "./enqueue-order";
import { bodyText, headerValues, json, problem } from "./http";
import { fingerprintOf, orderIdFor, parseIdempotencyKey } from "./idempotency";
import type { Violation } from "./json";
import type { Written } from "./life";
import { type Order, type OrderRequest, receivedOrder } from "./order";
import { MAX_ORDER_BYTES, parseOrderRequest, storedBytes } from "./order-request";
import type { Telemetry } from "./telemetry";

export interface CreateOrderDeps extends CallerDeps, Telemetry {
  /** Stores a new order, open from now on; refused when there is one with this id. */
  acceptOrder(order: Order, fingerprint: string, checkAt: number): Promise<Written>;
  enqueueOrder(orderId: string): Promise<void>;
  /** After which the reconciler looks at an order that nobody has claimed. */
  firstCheckSeconds: number;
  newOrderId(): string;
}

/** POST /orders: answers 202 when the order is in the table, where nothing can lose it any more. */
export function makeCreateOrder(deps: CreateOrderDeps) {
  return withCaller(deps, async (event, caller) => {
    const text = bodyText(event);
    if (!text.ok) return badOrder(event, text.violations);
    if (Buffer.byteLength(text.value) > MAX_ORDER_BYTES) return tooLarge(event);

    const request = parseOrderRequest(text.value);
    const key = parseIdempotencyKey(headerValues(event, "Idempotency-Key"));
    if (!request.ok) return badOrder(event, request.violations);
    if (!key.ok) return badKey(event);
    if (!mayActFor(caller, request.value.customerId)) {
      return problem(event, 403, "This caller may order for nobody but themselves.");
    }
    if (storedBytes(request.value) > MAX_ORDER_BYTES) return tooLarge(event);

    return acceptOrder(deps, event, request.value, key.value);
  });
}

async function acceptOrder(
  deps: CreateOrderDeps,
  event: APIGatewayProxyEvent,
  request: OrderRequest,
  key: string | undefined,
): Promise<APIGatewayProxyResult> {
  const orderId = key === undefined ? deps.newOrderId() : orderIdFor(request.customerId, key);
  const fingerprint = fingerprintOf(request);
  const now = deps.now();
  const order = receivedOrder(request, orderId, now);
  const checkAt = now.getTime() + deps.firstCheckSeconds * 1000;
  const { ok: isNew, stored: known } = await deps.acceptOrder(order, fingerprint, checkAt);
  if (isNew) {
    await enqueueOrLeave(deps, orderId);
    return accepted(deps, event, order);
  }
  if (!known) throw new Error("the order that took this id is gone");
  if (known.fingerprint !== fingerprint) {
    return problem(event, 422, "This Idempotency-Key was used for another order.");
  }
  const replayed: Record<string, string> =
    key === undefined ? {} : { "Idempotency-Replayed": "true" };
  return accepted(deps, event, known.order, replayed);
}

function accepted(
  { log, measure }: CreateOrderDeps,
  event: APIGatewayProxyEvent,
  order: Order,
  headers: Record<string, string> = {},
) {
  const { orderId } = order;
  const { path, requestId } = event.requestContext;
  const replayed = "Idempotency-Replayed" in headers;
  measure(replayed ? "OrdersReplayed" : "OrdersAccepted");
  log.info(replayed ? "order replayed" : "order accepted", { orderId, apiRequestId: requestId });
  return json(202, order, { Location: `${path.replace(/\/$/, "")}/${orderId}`, ...headers });
}

function badOrder(event: APIGatewayProxyEvent, errors: Violation[]) {
  const count = errors.length === 1 ? "1 violation" : `${errors.length} violations`;
  return problem(event, 400, `The order is not valid: ${count}.`, { errors });
}

function badKey(event: APIGatewayProxyEvent) {
  return problem(
    event,
    400,
    "Idempotency-Key must be one value of 16 to 128 visible ASCII characters.",
  );
}

function tooLarge(event: APIGatewayProxyEvent) {
  return problem(event, 413, `An order may take at most ${MAX_ORDER_BYTES / 1024} KiB of JSON.`);
}
