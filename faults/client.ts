import type { Order } from "../handlers/order";

/** What came of a request that was repeated until it was answered. */
export interface Answered {
  order: Order;
  tries: number;
}

/** Posts until the answer is 202, as a client with an Idempotency-Key may. */
export function postUntilAccepted(
  url: string,
  key: string,
  order: object,
  maxTries: number,
): Promise<Answered> {
  const headers = { "Idempotency-Key": key };
  return untilAnswered(202, maxTries, () =>
    fetch(url, { method: "POST", headers, body: JSON.stringify(order) }),
  );
}

export function getUntilFound(url: string, maxTries: number): Promise<Answered> {
  return untilAnswered(200, maxTries, () => fetch(url));
}

async function untilAnswered(
  expected: number,
  maxTries: number,
  request: () => Promise<Response>,
): Promise<Answered> {
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const response = await request();
    const body = await response.text();
    if (response.status === expected) return { order: JSON.parse(body) as Order, tries };
    if (response.status < 500) throw new Error(`a request was answered with ${response.status}`);
  }
  throw new Error(`a request was not answered with ${expected} in ${maxTries} tries`);
}
