import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { answeringErrors, bodyText, headerValues, json, problem } from "./http";
import type { Parsed } from "./json";
import { logInfo } from "./log";
import { MAX_ORDER_BYTES, parseOrderRequest, storedBytes } from "./order-request";
import { fingerprintOf, orderIdFor, receivedOrder, type Order, type OrderRequest } from "./order";

export interface CreateOrderDeps {
  /** Stores a new order; `false` when its id is taken, whatever by. */
  saveOrder(order: Order, fingerprint: string): Promise<boolean>;
  readOrder(orderId: string): Promise<{ order: Order; fingerprint: string } | undefined>;
  enqueueOrder(orderId: string): Promise<void>;
  isRetryable(error: unknown): boolean;
  now(): Date;
  newOrderId(): string;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{16,128}$/;

/** POST /orders: answers 202 only when the order is in the table and on the queue. */
export function makeCreateOrder(deps: CreateOrderDeps) {
  return answeringErrors(
    (error) => deps.isRetryable(error),
    async (event) => {
      const text = bodyText(event);
      if (!text.ok) return badOrder(event, text.faults);
      if (Buffer.byteLength(text.value) > MAX_ORDER_BYTES) return tooLarge(event);

      const request = parseOrderRequest(text.value);
      const key = parseIdempotencyKey(headerValues(event, "Idempotency-Key"));
      if (!request.ok) return badOrder(event, request.faults);
      if (!key.ok) return badKey(event);
      if (storedBytes(request.value) > MAX_ORDER_BYTES) return tooLarge(event);

      return acceptOrder(deps, event, request.value, key.value);
    },
  );
}

async function acceptOrder(
  deps: CreateOrderDeps,
  event: APIGatewayProxyEvent,
  request: OrderRequest,
  key: string | undefined,
): Promise<APIGatewayProxyResult> {
  const orderId = key === undefined ? deps.newOrderId() : orderIdFor(request.customerId, key);
  const fingerprint = fingerprintOf(request);
  const order = receivedOrder(request, orderId, deps.now());

  if (await deps.saveOrder(order, fingerprint)) {
    await deps.enqueueOrder(orderId);
    return accepted(event, order);
  }
  const known = await deps.readOrder(orderId);
  if (!known) throw new Error("the order that took this id is gone");
  if (known.fingerprint !== fingerprint) {
    return problem(event, 422, "This Idempotency-Key was used for another order.");
  }
  // Still RECEIVED: its message may never have been sent, so send one (again).
  if (known.order.status === "RECEIVED") await deps.enqueueOrder(orderId);
  return accepted(event, known.order, key === undefined ? {} : { "Idempotency-Replayed": "true" });
}

function accepted(event: APIGatewayProxyEvent, order: Order, headers: Record<string, string> = {}) {
  const { orderId } = order;
  const { path, requestId } = event.requestContext;
  const replayed = "Idempotency-Replayed" in headers;
  logInfo(replayed ? "order replayed" : "order accepted", { orderId, apiRequestId: requestId });
  return json(202, order, { Location: `${path.replace(/\/$/, "")}/${orderId}`, ...headers });
}

function parseIdempotencyKey(values: string[]): Parsed<string | undefined> {
  const [key, ...others] = new Set(values);
  if (key === undefined) return { ok: true, value: undefined };
  return IDEMPOTENCY_KEY.test(key) && others.length === 0
    ? { ok: true, value: key }
    : { ok: false, faults: [] };
}

function badOrder(event: APIGatewayProxyEvent, errors: { pointer: string; detail: string }[]) {
  const count = errors.length === 1 ? "1 fault" : `${errors.length} faults`;
  return problem(event, 400, `The order has ${count}.`, { errors });
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
