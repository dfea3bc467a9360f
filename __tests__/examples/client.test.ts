import { type ClientOptions, makeOrdersClient } from "../../examples/client";
import { aRequest } from "../support/orders";

const KEY = "an-order-of-the-example-0001";
const apiUrl = "https://api.example/prod/";

/** A client whose requests get these responses, one after the other; the last one again and again. */
function setUp(responses: (Response | Error)[], options: Partial<ClientOptions> = {}) {
  const requests: [string, RequestInit][] = [];
  const pauses: number[] = [];
  const client = makeOrdersClient({
    apiUrl,
    fetch(url, init) {
      const response = responses[Math.min(requests.length, responses.length - 1)];
      requests.push([url, init]);
      return response instanceof Response
        ? Promise.resolve(response.clone())
        : Promise.reject(response ?? new Error("no response"));
    },
    pause: (milliseconds) => Promise.resolve(pauses.push(milliseconds)),
    ...options,
  });
  return { client, requests, pauses };
}

function problem(status: number, headers: Record<string, string> = {}): Response {
  const body = { type: "about:blank", title: "A title", status, detail: "Why.", requestId: "1" };
  const type = { "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } });
}

const order = (status: string) => Response.json({ orderId: "1", status });

describe("the example client", () => {
  it("repeats a request with the same key and body, as long as Retry-After says or longer and longer", async () => {
    const { client, requests, pauses } = setUp([
      problem(503, { "Retry-After": "4" }),
      problem(429),
      new TypeError("fetch failed"),
      problem(500),
      order("RECEIVED"),
    ]);
    expect(await client.createOrder(aRequest, KEY)).toMatchObject({ ok: true });
    const sent = requests.map(([url, { method, headers, body }]) => [
      method,
      url,
      new Headers(headers).get("Idempotency-Key"),
      body,
    ]);
    expect(sent).toEqual(Array(5).fill(["POST", `${apiUrl}orders`, KEY, JSON.stringify(aRequest)]));
    const [told, ...others] = pauses;
    expect(told).toBe(4000);
    expect(others).toHaveLength(3);
    for (const [index, pause] of others.entries()) {
      expect(pause).toBeGreaterThanOrEqual(1000 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(2000 * 2 ** index);
    }
  });

  it.each([400, 401, 403, 404, 409, 413, 422])("does not repeat after %s", async (status) => {
    const { client, requests } = setUp([problem(status)]);
    const answer = await client.createOrder(aRequest, KEY);
    expect(answer).toMatchObject({ ok: false, problem: { status, detail: "Why." } });
    expect(requests).toHaveLength(1);
  });

  it("gives the last response, or throws the last failure, after eight tries", async () => {
    const busy = setUp([problem(429)]);
    expect(await busy.client.getOrder("1")).toMatchObject({ problem: { status: 429 } });
    expect(busy.requests).toHaveLength(8);
    const down = setUp([new TypeError("fetch failed")]);
    await expect(down.client.cancelOrder("1")).rejects.toThrow("fetch failed");
    expect(down.requests).toHaveLength(8);
  });

  it("throws at a response that is none of the API's, and does not repeat it", async () => {
    const { client, requests } = setUp([Response.json({ message: "Forbidden" }, { status: 403 })]);
    await expect(client.getOrder("1")).rejects.toThrow("the response 403");
    expect(requests).toHaveLength(1);
  });

  it("sends the API key, and a token that is new with each try", async () => {
    let tokens = 0;
    const token = () => `token-${++tokens}`;
    const responses = [problem(502), order("RECEIVED")];
    const { client, requests } = setUp(responses, { apiKey: "a-key", token });
    await client.getOrder("1");
    const sent = requests.map(([, { headers }]) => Object.fromEntries(new Headers(headers)));
    expect(sent).toEqual([
      { "x-api-key": "a-key", authorization: "Bearer token-1" },
      { "x-api-key": "a-key", authorization: "Bearer token-2" },
    ]);
  });

  it("waits for any end, less and less often, and not for ever", async () => {
    const { client, pauses } = setUp([order("RECEIVED"), order("PROCESSING"), order("REJECTED")]);
    expect(await client.waitForEnd("1")).toMatchObject({ value: { status: "REJECTED" } });
    expect(pauses).toHaveLength(2);
    const [first = 0, second = 0] = pauses;
    expect(first).toBeGreaterThanOrEqual(1000);
    expect(second).toBeGreaterThanOrEqual(2000);
    const endless = setUp([order("PROCESSING")]);
    await expect(endless.client.waitForEnd("1", -1)).rejects.toThrow("has not ended yet");
  });
});
