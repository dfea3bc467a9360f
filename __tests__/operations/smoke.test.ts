import { smoke, type SmokeRequest, type SmokeResponse } from "../../operations/smoke/smoke";

const ORDER_ID = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
const OTHER_ID = "1b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
const AT = "2026-01-02T12:00:00.000Z";
const order = { orderId: ORDER_ID, status: "RECEIVED", createdAt: AT };
const done = { ...order, status: "COMPLETED", notifiedAt: AT };
const history = {
  history: [
    { at: AT, change: "accept", to: "RECEIVED" },
    { at: "2026-01-02T12:00:00.070Z", change: "claim", to: "PROCESSING" },
    { at: "2026-01-02T12:00:00.120Z", change: "complete", to: "COMPLETED" },
    { at: "2026-01-02T12:00:00.150Z", change: "notify", to: "COMPLETED" },
  ],
};

interface Given {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

const replayed = { "Idempotency-Replayed": "true" };

/** Of an API that is well, by what is asked for; looks at the order in turn, the last again and again. */
const WELL = {
  post: { status: 202, body: order } as Given,
  replay: { status: 202, body: order, headers: replayed } as Given,
  looks: [order, { ...order, status: "PROCESSING" }, done] as object[],
  unknown: { status: 404, body: {} } as Given,
  empty: { status: 400, body: {} } as Given,
  keyless: { status: 403, body: {} } as Given,
  tokenless: { status: 401, body: {} } as Given,
};

async function run(change: Partial<typeof WELL> = {}, isGuarded = true) {
  const api = { ...WELL, ...change };
  const said: string[] = [];
  const asked: SmokeRequest[] = [];
  let now = 0;
  let looks = 0;
  const answer = ({ method, path, body, without }: SmokeRequest): Given => {
    if (method === "POST" && Object.keys(body ?? {}).length === 0) return api.empty;
    if (method === "POST") return asked.length === 1 ? api.post : api.replay;
    if (without !== undefined) return without === "key" ? api.keyless : api.tokenless;
    if (path.endsWith("/history")) return { status: 200, body: history };
    if (path.endsWith(OTHER_ID)) return api.unknown;
    return { status: 200, body: api.looks[Math.min(looks++, api.looks.length - 1)] ?? {} };
  };
  const request = (each: SmokeRequest): Promise<SmokeResponse> => {
    asked.push(each);
    const { headers = {}, ...given } = answer(each);
    now += 20;
    return Promise.resolve({ ...given, headers: new Headers(headers) });
  };
  const pause = () => {
    now += 250;
    return Promise.resolve();
  };
  const requires = { requiresKey: isGuarded, requiresToken: isGuarded };
  const deps = { request, ...requires, newId: () => OTHER_ID, pause, clock: () => now };
  const failure = await smoke({ ...deps, say: (line) => void said.push(line) }, 1).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { failure, said: said.map((line) => line.replaceAll(/ +/g, " ")), asked };
}

describe("npm run smoke", () => {
  it("follows one order of smoke-test until it is notified, with the time of each step", async () => {
    const { failure, said, asked } = await run();
    expect(failure).toBeUndefined();
    expect(said).toEqual([
      "a new order: 202 20 ms",
      "its replay: 202 20 ms",
      `order ${ORDER_ID} of smoke-test`,
      "accepted 0 ms",
      "claim, PROCESSING 70 ms",
      "complete, COMPLETED 120 ms",
      "notified 150 ms",
      "an unknown order: 404 20 ms",
      "an order without anything: 400 20 ms",
      "a request without its API key: 403 20 ms",
      "a request without its token: 401 20 ms",
    ]);
    expect(asked[0]).toMatchObject({ body: { customerId: "smoke-test" } });
    expect(asked[0]?.headers).toEqual({ "Idempotency-Key": `smoke-${OTHER_ID}` });
    expect(asked[1]).toEqual(asked[0]);
  });

  it("sends nothing without key or token where none is required", async () => {
    const { asked } = await run({}, false);
    expect(asked.filter(({ without }) => without)).toEqual([]);
  });

  const failed = { ...done, status: "FAILED", reason: "no stock" };
  it.each([
    [
      { post: { status: 503, body: { detail: "busy" } } },
      "a new order: expected 202, got 503 (busy)",
    ],
    [{ post: { status: 202, body: {} } }, "a new order: the response has no orderId"],
    [
      { replay: { status: 202, body: order } },
      "its replay: expected Idempotency-Replayed: true, got another order",
    ],
    [
      { replay: { status: 202, body: { ...order, orderId: OTHER_ID }, headers: replayed } },
      `its replay: expected the order ${ORDER_ID}, got another one`,
    ],
    [{ looks: [failed] }, "the order: expected COMPLETED, got FAILED (no stock)"],
    [{ looks: [order] }, "the order: expected COMPLETED and notified within 1 s, got RECEIVED"],
    [{ unknown: { status: 200, body: order } }, "an unknown order: expected 404, got 200"],
    [{ empty: { status: 202, body: order } }, "an order without anything: expected 400, got 202"],
    [
      { keyless: { status: 200, body: order } },
      "a request without its API key: expected 403, got 200",
    ],
    [
      { tokenless: { status: 200, body: order } },
      "a request without its token: expected 401, got 200",
    ],
  ])("stops at the first difference: %j", async (change, sentence) => {
    expect((await run(change)).failure).toBe(sentence);
  });
});
