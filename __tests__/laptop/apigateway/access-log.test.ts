import { accessLogLine, type LoggedRequest } from "../../../laptop/apigateway/access-log";
import { stageProvider } from "../../../laptop/apigateway/rest-api";
import { startApiGateway } from "../../../laptop/apigateway/server";
import type { RestApi } from "../../../laptop/apigateway/stage";
import { makeLogGroups } from "../../../laptop/cloudwatch/log-groups";
import type { LambdaFunction } from "../../../laptop/lambda/execution-environments";
import { makeTracing } from "../../../laptop/traces/tracing";
import { registering } from "../../support/registering";

const STAGE = "aws:apigateway/stage:Stage";
const FORMAT = JSON.stringify({
  stack: "dev",
  requestId: "$context.requestId",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  errorType: "$context.error.responseType",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integration.latency",
  apiKeyId: "$context.identity.apiKeyId",
});
const api: RestApi = {
  id: "api",
  name: "things",
  routes: [{ method: "GET", resource: "/things/{id}", functionArn: "f", apiKeyRequired: false }],
  gatewayResponses: {},
  binaryMediaTypes: [],
};
const target: LambdaFunction = {
  name: "f",
  timeoutMilliseconds: 1000,
  environments: () => [],
  invoke: () => Promise.resolve({ ok: true, json: '{"statusCode":204}' }),
  updateCode: () => Promise.resolve({}),
  kill: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};
const accessLogSettings = { destinationArn: "arn:aws:logs:r:1:log-group:access", format: FORMAT };
const inputs = { stageName: "dev", restApi: "api", accessLogSettings };

async function setUp() {
  const groups = makeLogGroups();
  const gateway = await startApiGateway({
    port: 0,
    account: { accountId: "000000000000", region: "eu-west-1" },
    findFunction: () => target,
    mayInvoke: () => true,
    authorizerDenial: () => undefined,
    tracing: makeTracing(),
    usagePlans: new Map(),
    onEvent: () => undefined,
  });
  const { create } = registering({
    [STAGE]: stageProvider(new Map([["api", api]]), gateway, groups),
  });
  return { groups, gateway, create };
}

describe("a stage's access log", () => {
  it("has a line for each request, also for one that no function has seen", async () => {
    const { groups, gateway, create } = await setUp();
    groups.create("access");
    await create(STAGE, "dev", inputs);
    await fetch(`${gateway.url}/dev/things/7?secret=1`);
    await fetch(`${gateway.url}/dev/nowhere`, { method: "POST" });
    const lines = (groups.eventsOf("access") ?? []).map(
      ({ message }) => JSON.parse(message) as object,
    );
    const number = expect.stringMatching(/^\d+$/);
    const common = {
      stack: "dev",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      responseLatency: number,
      apiKeyId: "-",
    };
    expect(lines).toEqual([
      {
        ...common,
        httpMethod: "GET",
        resourcePath: "/things/{id}",
        status: "204",
        errorType: "-",
        integrationLatency: number,
      },
      {
        ...common,
        httpMethod: "POST",
        resourcePath: "-",
        status: "403",
        errorType: "MISSING_AUTHENTICATION_TOKEN",
        integrationLatency: "-",
      },
    ]);
    await gateway.stop();
  });

  it("stops the start where there is no such log group", async () => {
    const { gateway, create } = await setUp();
    await expect(create(STAGE, "dev", inputs)).rejects.toThrow(
      "the stage dev has its access log in arn:aws:logs:r:1:log-group:access, which is no log group here",
    );
    await gateway.stop();
  });

  const request: LoggedRequest = {
    requestId: "r",
    method: "GET",
    path: '/a"b',
    route: undefined,
    ip: "127.0.0.1",
    started: new Date(0),
    milliseconds: 1,
    outcome: {
      response: { status: 403, headers: [], body: Buffer.from("") },
      api: { name: "things", stage: "dev" },
      madeBy: "gateway",
      integrationMilliseconds: undefined,
    },
  };

  it("stays JSON whatever the path is", () => {
    const line = accessLogLine('{"path":"$context.path"}', request);
    expect(JSON.parse(line)).toEqual({ path: '/dev/a"b' });
  });

  it("has what an authorizer said of the caller, or - where it said nothing", () => {
    const format = "$context.authorizer.principalId $context.authorizer.staff";
    const authorizer = { principalId: "ann", integrationLatency: 3 };
    expect(accessLogLine(format, { ...request, authorizer })).toBe("ann -");
    expect(accessLogLine(format, request)).toBe("- -");
  });
});
