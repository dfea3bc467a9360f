import { setTimeout } from "node:timers/promises";
import type { Order, OrderRequest } from "../../handlers/order";
import type { Client } from "./acceptance-case";
import { type Answer, expectOrder } from "./expect";

/** Of every order of the suite: an operator, a subscription and a business step can tell them by it. */
export const CUSTOMER_ID = "acceptance-test";

export const A_REQUEST: OrderRequest = {
  customerId: CUSTOMER_ID,
  items: [{ sku: "tea", quantity: 3, unitPrice: 0.1 }],
};

export const UNKNOWN_ORDER_ID = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";

const FIRST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 1_000;
const PATIENCE_MILLISECONDS = 45_000;

type Headers_ = Record<string, string>;

/** With API key and token, where the stack asks for them. */
export async function send(
  client: Client,
  method: string,
  path: string,
  { body = null, headers = {} }: { body?: RequestInit["body"]; headers?: Headers_ } = {},
): Promise<Answer> {
  const { apiUrl, apiKey, token } = client;
  const response = await client.fetch(new URL(path, apiUrl).href, {
    method,
    headers: {
      ...(apiKey !== undefined && { "X-API-Key": apiKey }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    body,
  });
  return answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

export function get(client: Client, path: string): Promise<Answer> {
  return send(client, "GET", path);
}

export function cancel(client: Client, orderId: string): Promise<Answer> {
  return send(client, "DELETE", `orders/${orderId}`);
}

export function post(client: Client, body: object, headers: Headers_ = {}): Promise<Answer> {
  return postRaw(client, JSON.stringify(body), headers);
}

export function postRaw(
  client: Client,
  body: RequestInit["body"],
  headers: Headers_ = {},
): Promise<Answer> {
  return send(client, "POST", "orders", { body: body ?? null, headers });
}

export async function accepted(client: Client, body: object = A_REQUEST): Promise<Order> {
  return expectOrder("POST /orders", await post(client, body), 202);
}

/** Waits for the order to be notified, whatever its end. */
export async function notified(client: Client, orderId: string): Promise<Order> {
  return waitFor(`order ${orderId} to be notified`, async () => {
    const order = expectOrder("GET of an order", await get(client, `orders/${orderId}`), 200);
    return order.notifiedAt === undefined ? undefined : order;
  });
}

/** Asks again, less and less often, until there is an answer. */
export async function waitFor<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  let pause = FIRST_PAUSE_MILLISECONDS;
  while (Date.now() < deadline) {
    const found = await probe();
    if (found !== undefined) return found;
    await setTimeout(pause);
    pause = Math.min(LONGEST_PAUSE_MILLISECONDS, pause * 1.5);
  }
  throw new Error(`waited ${PATIENCE_MILLISECONDS / 1000} s for ${what}`);
}
