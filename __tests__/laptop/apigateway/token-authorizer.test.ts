import * as http from "node:http";
import type { TokenAuthorizer } from "../../../laptop/apigateway/authorizer";
import { CONCURRENT_INVOCATIONS } from "../../../laptop/apigateway/integration";
import { type ApiGateway, startApiGateway } from "../../../laptop/apigateway/server";
import { makeUsagePlan } from "../../../laptop/apigateway/usage-plan";
import type { StackEvent } from "../../../laptop/events";
import type { LambdaFunction } from "../../../laptop/lambda/execution-environments";
import type { InvocationResult } from "../../../laptop/lambda/sandbox";
import { makeTracing } from "../../../laptop/traces/tracing";

const STAGE = "arn:aws:execute-api:eu-west-1:000000000000:api/dev";
const EVERYTHING_BUT_DATE = [
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
] as const;
const warnings: string[] = [];
const asked: unknown[] = [];
const served: unknown[] = [];
const throttled: string[] = [];
let said: InvocationResult | Promise<InvocationResult>;
let answer: InvocationResult | Promise<InvocationResult>;
let denial: string | undefined;
let gateway: ApiGateway;

function aFunction(name: string, invoke: LambdaFunction["invoke"]): LambdaFunction {
  const done = () => Promise.resolve();
  const updateCode = () => Promise.resolve({});
  return {
    name,
    timeoutMilliseconds: 1000,
    invoke,
    updateCode,
    environments: () => [],
    kill: done,
    stop: done,
  };
}

const functions: Record<string, LambdaFunction> = {
  authorize: aFunction("authorize", (event) => {
    asked.push(event);
    return Promise.resolve(said);
  }),
  things: aFunction("things", (event) => {
    served.push(event);
    return Promise.resolve(answer);
  }),
};
const authorizer: TokenAuthorizer = {
  name: "callers",
  header: "authorization",
  validation: /^Bearer \w+$/,
  functionArn: "authorize",
  caller: "api.callers.authorizer",
  ttlSeconds: 60,
};
const route = { functionArn: "things", apiKeyRequired: false };

beforeAll(async () => {
  const onEvent = (event: StackEvent) => {
    if (event.kind === "warning") warnings.push(event.text);
    if (event.kind === "throttled") throttled.push(event.function);
  };
  const plan = makeUsagePlan(["api/dev"], { throttle: undefined, quota: undefined }, Date.now);
  plan.addKey("good-key");
  gateway = await startApiGateway({
    port: 0,
    account: { accountId: "000000000000", region: "eu-west-1" },
    findFunction: (name) => functions[name],
    mayInvoke: () => true,
    authorizerDenial: () => denial,
    tracing: makeTracing(),
    usagePlans: new Map([["plan", plan]]),
    onEvent,
  });
});
afterAll(() => gateway.stop());
afterEach(() => {
  jest.useRealTimers();
});

beforeEach(() => {
  denial = undefined;
  answer = { ok: true, json: '{"statusCode":200}' };
  for (const list of [warnings, asked, served, throttled]) list.length = 0;
  deploy();
});

/** The API anew: no policy is kept. */
function deploy(): void {
  gateway.deploy("dev", {
    id: "api",
    name: "things",
    routes: [
      { ...route, method: "GET", resource: "/open" },
      { ...route, method: "ANY", resource: "/things/{id}", authorizer },
      { ...route, method: "GET", resource: "/keyed", apiKeyRequired: true, authorizer },
      { ...route, method: "GET", resource: "/fresh", authorizer: { ...authorizer, ttlSeconds: 0 } },
      {
        ...route,
        method: "GET",
        resource: "/lost",
        authorizer: { ...authorizer, name: "lost", functionArn: "nowhere" },
      },
    ],
    gatewayResponses: {},
    binaryMediaTypes: [],
  });
}

const gives = (output: unknown) => {
  said = { ok: true, json: JSON.stringify(output) };
};
const policy = (Effect: string, Resource: string, context?: object) => ({
  principalId: "ann",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect, Action: "execute-api:Invoke", Resource }],
  },
  ...(context && { context }),
});
const allowAll = policy("Allow", `${STAGE}/*`);

async function call(path: string, init: RequestInit = { headers: { authorization: "Bearer t" } }) {
  const response = await fetch(`${gateway.url}/dev${path}`, init);
  return [response.status, await response.text()];
}

describe("a route with an authorizer", () => {
  it.each<[string, [string, string][]]>([
    ["has no token", []],
    ["has an empty token", [["authorization", ""]]],
    ["has a token of another form", [["authorization", "Basic abc"]]],
    [
      "has two tokens",
      [
        ["authorization", "Bearer a"],
        ["authorization", "Bearer b"],
      ],
    ],
    ["has its token in another header", [["x-authorization", "Bearer a"]]],
  ])("answers 401 to a request that %s, and invokes nothing", async (_name, headers) => {
    gives(allowAll);
    expect(await requestWith(headers)).toBe(401);
    expect([asked, served]).toEqual([[], []]);
  });

  it("asks its function with the token and the request's own path", async () => {
    gives(allowAll);
    const headers = { AUTHORIZATION: "Bearer t" };
    await call("/things/a%2Fb?x=1", { method: "PUT", headers });
    expect(asked).toEqual([
      {
        type: "TOKEN",
        authorizationToken: "Bearer t",
        methodArn: `${STAGE}/PUT/things/a%2Fb`,
      },
    ]);
  });

  it("gives the context to the route's function as texts", async () => {
    gives(policy("Allow", "*", { name: "Ann", age: 7, staff: false }));
    expect(await call("/things/1")).toEqual([200, ""]);
    expect(served).toMatchObject([
      {
        requestContext: {
          authorizer: {
            principalId: "ann",
            name: "Ann",
            age: "7",
            staff: "false",
            integrationLatency: expect.any(Number),
          },
        },
      },
    ]);
  });

  it("leaves a route without one open, and its function without a context", async () => {
    expect(await call("/open", {})).toEqual([200, ""]);
    expect(served).toMatchObject([{ requestContext: { authorizer: null } }]);
  });

  it("wants the API key as well, after the token", async () => {
    gives(allowAll);
    const authorization = "Bearer t";
    const statusWith = async (headers: Record<string, string>) =>
      (await call("/keyed", { headers }))[0];
    expect(await statusWith({ "x-api-key": "good-key" })).toBe(401);
    expect(await statusWith({ authorization })).toBe(403);
    expect(asked).toHaveLength(1);
    expect(await statusWith({ authorization, "x-api-key": "good-key" })).toBe(200);
  });
});

describe("an authorizer's policy", () => {
  const denied = [403, '{"message":"User is not authorized to access this resource"}'];

  it.each([
    ["Allow", `${STAGE}/GET/things/*`, [200, ""]],
    ["Allow", `${STAGE}/?ET/things/1`, [200, ""]],
    ["Allow", "*", [200, ""]],
    ["Allow", `${STAGE}/POST/things/1`, denied],
    ["Allow", `${STAGE}/GET/things/2`, denied],
    ["Deny", `${STAGE}/*`, denied],
  ])("with %s for %s is evaluated for the method", async (effect, resource, expected) => {
    gives(policy(effect, resource));
    expect(await call("/things/1")).toEqual(expected);
  });

  it("denies what one statement denies, whatever the others allow", async () => {
    const [allow, deny] = [policy("Allow", "*"), policy("Deny", `${STAGE}/GET/things/1`)];
    const Statement = [allow, deny].flatMap(({ policyDocument }) => policyDocument.Statement);
    gives({ principalId: "ann", policyDocument: { Version: "2012-10-17", Statement } });
    expect(await call("/things/1")).toEqual(denied);
    expect(await call("/things/2")).toEqual([200, ""]);
  });
});

describe("an authorizer that gives no policy", () => {
  const failed = [500, '{"message":null}'];

  it.each(["Error: Unauthorized", "UnauthorizedError: Unauthorized"])(
    "means 401 where it throws %s",
    async (error) => {
      said = { ok: false, error };
      expect(await call("/things/1")).toEqual([401, '{"message":"Unauthorized"}']);
      expect(warnings).toEqual([]);
    },
  );

  it.each([
    "Error: unauthorized",
    "Error: Unauthorized.",
    "Unauthorized: no",
    "timed out after 3 s",
  ])("means 500 where it fails otherwise: %s", async (error) => {
    said = { ok: false, error };
    expect(await call("/things/1")).toEqual(failed);
    expect(warnings).toEqual([`the authorizer callers: ${error}`]);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["text", "Allow"],
    ["no principalId", { policyDocument: allowAll.policyDocument }],
    ["a principalId that is no text", { ...allowAll, principalId: 7 }],
    ["no policyDocument", { principalId: "ann" }],
    ["a policyDocument of no version", { ...allowAll, policyDocument: { Statement: [] } }],
    ["a statement without an Action", withStatement({ Effect: "Allow", Resource: "*" })],
    ["another Effect", policy("allow", "*")],
    ["an object in its context", policy("Allow", "*", { claims: { sub: "ann" } })],
    ["a list in its context", policy("Allow", "*", { groups: ["staff"] })],
    ["null in its context", policy("Allow", "*", { name: null })],
    ["a field that API Gateway does not know", { ...allowAll, statusCode: 401 }],
  ])("means 500 where its output has %s", async (_name, output) => {
    gives(output);
    expect(await call("/things/1")).toEqual(failed);
    expect(warnings).toEqual([
      expect.stringMatching(/^the authorizer callers: its function's output is malformed: ./),
    ]);
    expect(served).toEqual([]);
  });

  it("means 500 where API Gateway may not invoke its function", async () => {
    gives(allowAll);
    denial = "User: x is not authorized to perform: lambda:InvokeFunction";
    expect(await call("/things/1")).toEqual(failed);
    expect(warnings).toEqual([`the authorizer callers: ${denial}`]);
    expect(asked).toEqual([]);
  });

  it("means 500 where its function is not there", async () => {
    expect(await call("/lost")).toEqual(failed);
  });

  it("means 500 where Lambda's concurrency is used up", async () => {
    let finish: (result: InvocationResult) => void = () => undefined;
    answer = new Promise<InvocationResult>((resolve) => (finish = resolve));
    const calls = Array.from({ length: CONCURRENT_INVOCATIONS + 1 }, () => call("/open", {}));
    // The one that is too many.
    await Promise.race(calls);
    gives(allowAll);
    expect(await call("/things/1")).toEqual(failed);
    expect(throttled).toEqual(["things", "authorize"]);
    finish({ ok: true, json: '{"statusCode":200}' });
    await Promise.all(calls);
    expect((await call("/things/1"))[0]).toBe(200);
  });

  it("means 500 where its function takes longer than 29 seconds", async () => {
    said = new Promise(() => undefined);
    const timers = EVERYTHING_BUT_DATE.filter((name) => !name.endsWith("Timeout"));
    jest.useFakeTimers({ doNotFake: ["Date", ...timers] });
    const failing = call("/things/1");
    while (asked.length === 0) await new Promise(setImmediate);
    jest.advanceTimersByTime(29_000);
    expect(await failing).toEqual(failed);
    expect(warnings).toEqual(["the authorizer callers: its function timed out"]);
  });
});

describe("the policies that a stage keeps", () => {
  it("are asked for once for each token, and evaluated for each request", async () => {
    gives(policy("Allow", `${STAGE}/GET/things/1`));
    expect((await call("/things/1"))[0]).toBe(200);
    expect((await call("/things/2"))[0]).toBe(403);
    expect((await call("/keyed"))[0]).toBe(403);
    expect(asked).toHaveLength(1);
    await call("/things/1", { headers: { authorization: "Bearer other" } });
    expect(asked).toHaveLength(2);
  });

  it("are kept where they deny, too", async () => {
    gives(policy("Deny", "*"));
    await call("/things/1");
    gives(allowAll);
    expect((await call("/things/1"))[0]).toBe(403);
  });

  it("are no errors: the function is asked again", async () => {
    said = { ok: false, error: "Error: Unauthorized" };
    expect((await call("/things/1"))[0]).toBe(401);
    said = { ok: false, error: "Error: the issuer is down" };
    expect((await call("/things/1"))[0]).toBe(500);
    gives(allowAll);
    expect((await call("/things/1"))[0]).toBe(200);
    expect(asked).toHaveLength(3);
  });

  it("are forgotten when their time is over", async () => {
    gives(allowAll);
    jest.useFakeTimers({ now: Date.now(), doNotFake: [...EVERYTHING_BUT_DATE] });
    deploy();
    await call("/things/1");
    jest.setSystemTime(Date.now() + 59_999);
    await call("/things/1");
    expect(asked).toHaveLength(1);
    jest.setSystemTime(Date.now() + 1);
    await call("/things/1");
    expect(asked).toHaveLength(2);
  });

  it("are none where the time is 0", async () => {
    gives(allowAll);
    await call("/fresh");
    await call("/fresh");
    expect(asked).toHaveLength(2);
  });
});

function withStatement(Statement: object) {
  return { principalId: "ann", policyDocument: { Version: "2012-10-17", Statement } };
}

/** fetch would join headers of one name. */
function requestWith(headers: [string, string][]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${gateway.url}/dev/things/1`, { agent: false });
    for (const [name] of headers) {
      const values = headers.filter(([each]) => each === name).map(([, value]) => value);
      request.setHeader(name, values);
    }
    request.on("error", reject).on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.end();
  });
}
