import { CONCURRENT_INVOCATIONS } from "../../../laptop/apigateway/integration";
import { type ApiGateway, startApiGateway } from "../../../laptop/apigateway/server";
import type { RestApi } from "../../../laptop/apigateway/stage";
import { makeUsagePlan } from "../../../laptop/apigateway/usage-plan";
import type { StackEvent } from "../../../laptop/events";
import type { LambdaFunction } from "../../../laptop/lambda/execution-environments";
import type { InvocationResult } from "../../../laptop/lambda/sandbox";
import { makeTracing } from "../../../laptop/traces/tracing";

const events: StackEvent[] = [];
let answer: InvocationResult | Promise<InvocationResult>;
let seen: unknown;
let gateway: ApiGateway;
let isPermitted = true;
let invokedAs = "";

const target: LambdaFunction = {
  name: "echo",
  timeoutMilliseconds: 1000,
  environments: () => [],
  invoke: (event) => {
    seen = event;
    return Promise.resolve(answer);
  },
  kill: () => Promise.resolve(),
  updateCode: () => Promise.resolve({}),
  stop: () => Promise.resolve(),
};
const limits = {
  throttle: { rate: 1000, burst: 1000 },
  quota: { limit: 2, period: "DAY" as const },
};
const plan = makeUsagePlan(["api/dev"], limits, Date.now);
plan.addKey("good-key");
const gives = (value: unknown) => {
  answer = { ok: true, json: JSON.stringify(value) };
};

beforeAll(async () => {
  gateway = await startApiGateway({
    port: 0,
    account: { accountId: "000000000000", region: "eu-west-1" },
    findFunction: () => target,
    mayInvoke: (_functionArn, path) => {
      invokedAs = path;
      return isPermitted;
    },
    authorizerDenial: () => undefined,
    tracing: makeTracing(),
    usagePlans: new Map([["plan", plan]]),
    onEvent: (event) => void events.push(event),
  });
  gateway.deploy("dev", {
    id: "api",
    name: "things",
    routes: [
      { method: "POST", resource: "/things", functionArn: "arn", apiKeyRequired: false },
      { method: "GET", resource: "/things", functionArn: "arn", apiKeyRequired: true },
      {
        method: "ANY",
        resource: "/things/{thingId}/parts/{partId}",
        functionArn: "arn",
        apiKeyRequired: false,
      },
    ],
    gatewayResponses: { DEFAULT_4XX: {} },
    binaryMediaTypes: ["application/octet-stream"],
  });
});
afterAll(() => gateway.stop());

describe("API Gateway on the laptop", () => {
  it("makes a proxy event of a request", async () => {
    gives({ statusCode: 200 });
    await fetch(`${gateway.url}/dev/things/a%2Fb/parts/%C3%A9?x=1&x=2&y=%20&z=?`, {
      method: "PUT",
      headers: { "X-One": "1", "Content-Type": "text/plain" },
      body: "é",
    });
    expect(seen).toMatchObject({
      resource: "/things/{thingId}/parts/{partId}",
      path: "/things/a%2Fb/parts/%C3%A9",
      httpMethod: "PUT",
      pathParameters: { thingId: "a/b", partId: "é" },
      queryStringParameters: { x: "2", y: " ", z: "?" },
      multiValueQueryStringParameters: { x: ["1", "2"], y: [" "], z: ["?"] },
      body: "é",
      isBase64Encoded: false,
      requestContext: {
        stage: "dev",
        path: "/dev/things/a%2Fb/parts/%C3%A9",
        accountId: "000000000000",
      },
    });
    const { headers, multiValueHeaders } = seen as Record<string, Record<string, unknown>>;
    expect(headers).toMatchObject({ "X-One": "1", "X-Forwarded-Proto": "http" });
    expect(multiValueHeaders).toMatchObject({ "X-One": ["1"] });
  });

  it("takes a request to a guarded route with a key of its usage plan only, within its quota", async () => {
    gives({ statusCode: 200 });
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${gateway.url}/dev/things`, { headers })).status;
    expect(await status({})).toBe(403);
    expect(await status({ "x-api-key": "bad-key" })).toBe(403);
    const withKey = { "X-API-Key": "good-key" };
    expect([await status(withKey), await status(withKey)]).toEqual([200, 200]);
    expect(await status(withKey)).toBe(429);
  });

  it("invokes a function only if that lets it, for this method and path", async () => {
    gives({ statusCode: 200 });
    isPermitted = false;
    const response = await fetch(`${gateway.url}/dev/things/1/parts/2`);
    isPermitted = true;
    expect([response.status, await response.text()]).toEqual([
      500,
      '{"message":"Internal server error"}',
    ]);
    expect(invokedAs).toBe("api/dev/GET/things/{thingId}/parts/{partId}");
    expect(events).toContainEqual({
      kind: "warning",
      text: "API Gateway may not invoke echo: no aws.lambda.Permission allows it",
    });
  });

  it("takes 10 KiB of headers and no more", async () => {
    gives({ statusCode: 200 });
    const status = async (bytes: number) => {
      const headers = { "X-Long": "x".repeat(bytes) };
      return (await fetch(`${gateway.url}/dev/things/1/parts/2`, { headers })).status;
    };
    expect([await status(9_000), await status(11_000)]).toEqual([200, 431]);
  });

  it("sends a binary body as base64, and no body as null", async () => {
    gives({ statusCode: 200 });
    const send = (init: RequestInit) =>
      fetch(`${gateway.url}/dev/things`, { method: "POST", ...init });
    await send({
      body: Buffer.from([0, 255]),
      headers: { "Content-Type": "application/octet-stream" },
    });
    expect(seen).toMatchObject({ body: "AP8=", isBase64Encoded: true });
    await send({});
    expect(seen).toMatchObject({ body: null, isBase64Encoded: false, queryStringParameters: null });
  });

  it("makes a response of a function's answer", async () => {
    gives({
      statusCode: 201,
      headers: { "X-One": "1", "X-Two": 2 },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
      body: "4pyT",
      isBase64Encoded: true,
    });
    const response = await fetch(`${gateway.url}/dev/things`, { method: "POST" });
    expect([response.status, await response.text()]).toEqual([201, "✓"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("x-two")).toBe("2");
  });

  it.each([
    ["nothing", null],
    ["text", "hello"],
    ["no statusCode", { body: "" }],
    ["a statusCode that is none", { statusCode: "abc" }],
    ["a body that is no text", { statusCode: 200, body: { a: 1 } }],
    ["headers that are a list", { statusCode: 200, headers: ["a"] }],
    ["a header that HTTP does not know", { statusCode: 200, headers: { "a b": "1" } }],
    ["a header of two lines", { statusCode: 200, headers: { a: "1\r\nb: 2" } }],
  ])("answers 502 for a function that gives %s", async (_name, value) => {
    gives(value);
    const response = await fetch(`${gateway.url}/dev/things`, { method: "POST" });
    expect([response.status, await response.text()]).toEqual([
      502,
      '{"message":"Internal server error"}',
    ]);
  });

  it("answers 502 for a function that failed", async () => {
    answer = { ok: false, error: "Error: no" };
    expect((await fetch(`${gateway.url}/dev/things`, { method: "POST" })).status).toBe(502);
  });

  it("answers 504 for a function that takes longer than 29 seconds", async () => {
    jest.useFakeTimers({
      doNotFake: [
        "Date",
        "nextTick",
        "performance",
        "queueMicrotask",
        "setImmediate",
        "setInterval",
      ],
    });
    try {
      seen = undefined;
      answer = new Promise(() => undefined);
      const response = fetch(`${gateway.url}/dev/things`, { method: "POST" });
      while (seen === undefined) await new Promise(setImmediate);
      events.length = 0;
      jest.advanceTimersByTime(28_999);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      expect(events).toEqual([]);
      jest.advanceTimersByTime(1);
      expect((await response).status).toBe(504);
      expect(events).toMatchObject([{ kind: "request", status: 504 }]);
    } finally {
      jest.useRealTimers();
    }
  });

  it("says one line's worth about each request", async () => {
    gives({ statusCode: 204 });
    events.length = 0;
    await fetch(`${gateway.url}/dev/things`, { method: "POST" });
    expect(events).toEqual([
      {
        kind: "request",
        method: "POST",
        path: "/dev/things",
        status: 204,
        milliseconds: expect.any(Number),
        api: { name: "things", stage: "dev" },
        madeBy: "function",
        integrationMilliseconds: expect.any(Number),
      },
    ]);
  });

  it("says of a response of its own whether the API's definition has modified it", async () => {
    events.length = 0;
    await fetch(`${gateway.url}/dev/nothing`);
    answer = { ok: false, error: "no" };
    await fetch(`${gateway.url}/dev/things`, { method: "POST" });
    await fetch(`${gateway.url}/no-stage`);
    expect(events).toMatchObject([
      { status: 403, madeBy: "modified-gateway-response", integrationMilliseconds: undefined },
      { status: 502, madeBy: "gateway", integrationMilliseconds: expect.any(Number) },
      { status: 403, madeBy: "gateway", api: undefined },
    ]);
  });
});

describe("Lambda's concurrency", () => {
  it("is answered with INTEGRATION_FAILURE where it is used up, and is free again afterwards", async () => {
    let finish: (result: InvocationResult) => void = () => undefined;
    answer = new Promise<InvocationResult>((resolve) => (finish = resolve));
    const post = () => fetch(`${gateway.url}/dev/things`, { method: "POST" });
    const posts = Array.from({ length: CONCURRENT_INVOCATIONS + 1 }, post);
    events.length = 0;
    const refused = await Promise.race(posts);
    expect(events).toContainEqual({ kind: "throttled", function: "echo" });
    expect([refused.status, await refused.text()]).toEqual([
      504,
      '{"message":"Internal server error"}',
    ]);
    finish({ ok: true, json: '{"statusCode":200}' });
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(CONCURRENT_INVOCATIONS);
    expect((await post()).status).toBe(200);
  });
});

describe("a throttle", () => {
  const none = { rate: 0, burst: 0 };
  const statusOf = async (method: string, path: string) => {
    gives({ statusCode: 200 });
    return (await fetch(`${gateway.url}/limited${path}`, { method })).status;
  };
  const anApi = (): RestApi => ({
    id: "api",
    name: "things",
    routes: [
      { method: "POST", resource: "/things", functionArn: "arn", apiKeyRequired: false },
      { method: "GET", resource: "/things/{id}", functionArn: "arn", apiKeyRequired: false },
    ],
    gatewayResponses: {},
    binaryMediaTypes: [],
  });
  const statuses = async () => [
    await statusOf("POST", "/things"),
    await statusOf("GET", "/things/7"),
    await statusOf("GET", "/nothing"),
  ];
  beforeEach(() => {
    gateway.deploy("limited", anApi());
  });

  it.each([
    ["things/POST", [429, 200, 403]],
    ["/things/{id}/GET", [200, 429, 403]],
    ["~1things~1{id}/GET", [200, 429, 403]],
    ["*/*", [429, 429, 429]],
  ])("of %s limits these requests alone", async (methodPath, expected) => {
    gateway.setThrottle("limited", methodPath, none);
    expect(await statuses()).toEqual(expected);
  });

  it("of a method takes the place of the stage's", async () => {
    gateway.setThrottle("limited", "things/POST", { rate: 10, burst: 10 });
    gateway.setThrottle("limited", "*/*", none);
    expect(await statuses()).toEqual([200, 429, 429]);
  });

  it("is refused for a method or a stage that does not exist", () => {
    expect(() => gateway.setThrottle("limited", "things/PUT", none)).toThrow(
      "the stage limited has no method things/PUT, only */*, things/POST, things/{id}/GET",
    );
    expect(() => gateway.setThrottle("prod", "*/*", none)).toThrow("there is no stage prod");
  });
});
