import { array, is, optional, string, type } from "superstruct";
import { ORDER_ID } from "../../handlers/order";

export interface SmokeRequest {
  method: "GET" | "POST";
  /** After the stage: `orders/…`. */
  path: string;
  headers?: Record<string, string>;
  body?: object;
  /** Where the API asks for it: sent without it. */
  without?: "key" | "token";
}

export interface SmokeResponse {
  status: number;
  headers: Headers;
  /** Undefined where it is no JSON. */
  body: unknown;
}

export interface SmokeDeps {
  request(request: SmokeRequest): Promise<SmokeResponse>;
  /** Whether the stack has a key. */
  requiresKey: boolean;
  /** Whether the stack is closed. */
  requiresToken: boolean;
  newId(): string;
  /** Between two looks at the order. */
  pause(): Promise<void>;
  say(line: string): void;
  /** Milliseconds, from any moment on. */
  clock(): number;
}

/** `smoke-test`: handlers/fulfil-order.ts may treat it apart. */
export const SMOKE_CUSTOMER = "smoke-test";

const ORDER = { customerId: SMOKE_CUSTOMER, items: [{ sku: "smoke-test", quantity: 1 }] };

const historyStruct = type({
  history: array(type({ at: string(), change: string(), to: string() })),
});
const orderStruct = type({
  orderId: string(),
  status: string(),
  createdAt: string(),
  notifiedAt: optional(string()),
  reason: optional(string()),
});

/** Throws a sentence at the first difference between what is expected and what the API gives. */
export async function smoke(deps: SmokeDeps, timeoutSeconds: number): Promise<void> {
  const orderId = await postTwice(deps);
  await follow(deps, orderId, timeoutSeconds);
  const missing = { method: "GET", path: `orders/${deps.newId()}` } as const;
  await step(deps, "an unknown order", missing, 404);
  const empty = { method: "POST", path: "orders", body: {} } as const;
  await step(deps, "an order without anything", empty, 400);
  const get = { method: "GET", path: `orders/${orderId}` } as const;
  if (deps.requiresKey) {
    await step(deps, "a request without its API key", { ...get, without: "key" }, 403);
  }
  if (deps.requiresToken) {
    await step(deps, "a request without its token", { ...get, without: "token" }, 401);
  }
}

async function postTwice(deps: SmokeDeps): Promise<string> {
  const headers = { "Idempotency-Key": `smoke-${deps.newId()}` };
  const post = { method: "POST", path: "orders", headers, body: ORDER } as const;
  const { body } = await step(deps, "a new order", post, 202);
  if (!is(body, orderStruct) || !ORDER_ID.test(body.orderId)) {
    throw new Error("a new order: the response has no orderId");
  }
  const replay = await step(deps, "its replay", post, 202);
  if (replay.headers.get("Idempotency-Replayed") !== "true") {
    throw new Error("its replay: expected Idempotency-Replayed: true, got another order");
  }
  if (!is(replay.body, orderStruct) || replay.body.orderId !== body.orderId) {
    throw new Error(`its replay: expected the order ${body.orderId}, got another one`);
  }
  deps.say(`order ${body.orderId} of ${SMOKE_CUSTOMER}`);
  return body.orderId;
}

/** One request, whose status is compared and whose time is printed. */
async function step(
  deps: SmokeDeps,
  what: string,
  request: SmokeRequest,
  expected: number,
): Promise<SmokeResponse> {
  const startedAt = deps.clock();
  const response = await deps.request(request);
  if (response.status !== expected) {
    throw new Error(`${what}: expected ${expected}, got ${response.status}${detailOf(response)}`);
  }
  say(deps, `${what}: ${expected}`, deps.clock() - startedAt);
  return response;
}

function detailOf({ body }: SmokeResponse): string {
  return is(body, type({ detail: string() })) ? ` (${body.detail})` : "";
}

/** Until the end is notified; then the times that the order's history has. */
async function follow(deps: SmokeDeps, orderId: string, timeoutSeconds: number): Promise<void> {
  const deadline = deps.clock() + timeoutSeconds * 1000;
  for (;;) {
    const order = await read(deps, orderId);
    if (order.notifiedAt !== undefined) {
      await sayTimes(deps, orderId);
      if (order.status === "COMPLETED") return;
      throw new Error(`the order: expected COMPLETED, got ${order.status} (${order.reason ?? ""})`);
    }
    if (deps.clock() > deadline) {
      await sayTimes(deps, orderId);
      throw new Error(
        `the order: expected COMPLETED and notified within ${timeoutSeconds} s, got ${order.status}`,
      );
    }
    await deps.pause();
  }
}

async function read(deps: SmokeDeps, orderId: string) {
  const { status, body } = await deps.request({ method: "GET", path: `orders/${orderId}` });
  if (status !== 200 || !is(body, orderStruct)) {
    throw new Error(`the order: expected 200 with the order, got ${status}`);
  }
  return body;
}

/** By the functions' clocks, from the order's acceptance on. */
async function sayTimes(deps: SmokeDeps, orderId: string): Promise<void> {
  const { body } = await deps.request({ method: "GET", path: `orders/${orderId}/history` });
  if (!is(body, historyStruct)) throw new Error("the order's history: expected 200 with entries");
  const acceptedAt = Date.parse(body.history[0]?.at ?? "");
  for (const { at, change, to } of body.history) {
    const step = change === "accept" ? "accepted" : change === "notify" ? "notified" : undefined;
    say(deps, step ?? `${change}, ${to}`, Date.parse(at) - acceptedAt);
  }
}

const TIME_COLUMN = 32;

function say(deps: SmokeDeps, what: string, milliseconds: number): void {
  deps.say(`${what.padEnd(TIME_COLUMN)} ${Math.round(milliseconds)} ms`);
}
