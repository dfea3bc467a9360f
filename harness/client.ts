import type { Order } from "../handlers/order";
import { eventually } from "./eventually";

/** The response to a request that may have been repeated. */
export interface Answered {
  status: number;
  order: Order;
  tries: number;
}

export type Send = (url: string, init?: RequestInit) => Promise<Response>;

/** A client of the API. */
export function makeClient(ordersUrl: string, fetch: Send = globalThis.fetch) {
  const post = (body: object | string | null, headers: Record<string, string> = {}) => {
    const isRaw = body === null || typeof body === "string" || body instanceof Uint8Array;
    return fetch(ordersUrl, { method: "POST", headers, body: isRaw ? body : JSON.stringify(body) });
  };
  const get = async (orderId: string): Promise<Order> =>
    (await (await fetch(`${ordersUrl}/${orderId}`)).json()) as Order;

  return {
    post,
    get,
    async accepted(body: object, headers: Record<string, string> = {}): Promise<string> {
      return (await untilAnswered([202], 1, () => post(body, headers))).order.orderId;
    },
    /** Posts until the response is 202, as a client with an Idempotency-Key may. */
    postUntilAccepted: (order: object, key: string, maxTries: number) =>
      untilAnswered([202], maxTries, () => post(order, { "Idempotency-Key": key })),
    getUntilFound: (orderId: string, maxTries: number) =>
      untilAnswered([200], maxTries, () => fetch(`${ordersUrl}/${orderId}`)),
    /** Whether it is, or will be, CANCELLED: an order that has ended otherwise is not. */
    cancelUntilAnswered: async (orderId: string, maxTries: number): Promise<boolean> => {
      const cancel = () => fetch(`${ordersUrl}/${orderId}`, { method: "DELETE" });
      return (await untilAnswered([200, 202, 409], maxTries, cancel)).status !== 409;
    },
    /** Waits for an order that satisfies `test`. */
    until: (orderId: string, what: string, test: (order: Order) => boolean) =>
      eventually(`order ${orderId} to be ${what}`, async () => {
        const order = await get(orderId);
        return test(order) && order;
      }),
  };
}

/** Repeats a request as long as the response is a server error. */
async function untilAnswered(
  expected: number[],
  maxTries: number,
  request: () => Promise<Response>,
): Promise<Answered> {
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const response = await request();
    const body = await response.text();
    const { status } = response;
    if (expected.includes(status)) return { status, order: JSON.parse(body) as Order, tries };
    if (status < 500) throw new Error(`the response is ${status}: ${body}`);
  }
  throw new Error(`the response was not ${expected.join(" or ")} in ${maxTries} tries`);
}
