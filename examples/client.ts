import type { components } from "./client-types";

// A client of the API, on fetch alone. To use it, copy this file and client-types.ts, which `npm run -s client:types`
// makes of openapi.yaml.

type Schemas = components["schemas"];
export type Order = Schemas["Order"];
export type OrderRequest = Schemas["OrderRequest"];
export type Problem = Schemas["Problem"];

/** What the API responds with in the end. A problem's `errors` say what is wrong with the order. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export interface ClientOptions {
  /** The stack's output `apiUrl`, which ends in "/". */
  apiUrl: string;
  /** Where the stack asks for one. */
  apiKey?: string;
  /** Where the API is closed. Called before each try, as a token may have expired by then. */
  token?: () => Promise<string> | string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** The response to a repetition may be another one. */
const REPEATED: readonly number[] = [429, 500, 502, 503, 504];
const MAX_TRIES = 8;
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
/** API Gateway gives up after 29 seconds. */
const REQUEST_MILLISECONDS = 35_000;
const ENDS: readonly Order["status"][] = ["COMPLETED", "REJECTED", "FAILED", "CANCELLED"];

export function makeOrdersClient(options: ClientOptions) {
  const { pause = sleep } = options;
  const send = <T>(
    method: string,
    path: string,
    more: Pick<RequestInit, "body" | "headers"> = {},
  ) => untilAnswered<T>(() => request(options, method, path, more), pause);
  const getOrder = (orderId: string) => send<Order>("GET", `orders/${orderId}`);

  return {
    /** The key, such as crypto.randomUUID(), stands for this order: store it before the first call. */
    createOrder: (order: OrderRequest, idempotencyKey: string) =>
      send<Order>("POST", "orders", {
        headers: { "Content-Type": "application/json", "Idempotency-Key": idempotencyKey },
        body: JSON.stringify(order),
      }),
    getOrder,
    cancelOrder: (orderId: string) => send<Order>("DELETE", `orders/${orderId}`),
    /** Asks for the order, less and less often, until it has ended. Throws when that takes too long. */
    async waitForEnd(orderId: string, patienceMilliseconds = 600_000): Promise<Answer<Order>> {
      const deadline = Date.now() + patienceMilliseconds;
      for (let asked = 1; ; asked += 1) {
        const answer = await getOrder(orderId);
        if (!answer.ok || ENDS.includes(answer.value.status)) return answer;
        if (Date.now() > deadline) throw new Error(`order ${orderId} has not ended yet`);
        await pause(backoff(asked + 1));
      }
    },
  };
}

/** What came of a try: a response, or why there is none. */
type Try = { response: Response; text: string } | { lost: unknown };

async function request(
  { apiUrl, apiKey, token, fetch: send = fetch }: ClientOptions,
  method: string,
  path: string,
  { body = null, headers }: Pick<RequestInit, "body" | "headers">,
): Promise<Try> {
  const all = new Headers(headers);
  if (apiKey !== undefined) all.set("X-API-Key", apiKey);
  if (token) all.set("Authorization", `Bearer ${await token()}`);
  const signal = AbortSignal.timeout(REQUEST_MILLISECONDS);
  try {
    const response = await send(apiUrl + path, { method, headers: all, body, signal });
    // The connection may break in the middle of a response, too.
    return { response, text: await response.text() };
  } catch (lost) {
    return { lost };
  }
}

/** Repeats a request that gets no response, or one of those that may be another the next time. */
async function untilAnswered<T>(
  attempt: () => Promise<Try>,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<Answer<T>> {
  for (let tries = 1; ; tries += 1) {
    const result = await attempt();
    const isLast = tries === MAX_TRIES;
    if ("lost" in result) {
      if (isLast) throw result.lost;
      await pause(backoff(tries));
      continue;
    }
    const { response, text } = result;
    if (isLast || !REPEATED.includes(response.status)) return answerIn<T>(response, text);
    await pause(pauseAfter(response, tries));
  }
}

function answerIn<T>({ ok, status, headers }: Response, text: string): Answer<T> {
  if (ok) return { ok, value: JSON.parse(text) as T };
  if (headers.get("Content-Type") === "application/problem+json") {
    return { ok, problem: JSON.parse(text) as Problem };
  }
  throw new Error(`the response ${status} is not one of the API`);
}

function pauseAfter({ headers }: Response, tries: number): number {
  const seconds = Number(headers.get("Retry-After"));
  return seconds > 0 ? seconds * 1000 : backoff(tries);
}

/** With a random part: clients that failed together do not come back together. */
function backoff(tries: number): number {
  const longest = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** tries);
  return (longest / 2) * (1 + Math.random());
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
