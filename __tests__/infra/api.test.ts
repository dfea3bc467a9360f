import {
  API_KEY,
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
} from "../support/aws-mocks";
import { readContract, routesOf } from "../support/contract/document";

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives({
    "order-processing:requireApiKey": true,
    "order-processing:usagePlan": { rateLimit: 3, quotaLimit: 1000, quotaPeriod: "DAY" },
  });
});

describe("the API", () => {
  interface Definition {
    paths: Record<string, Record<string, Record<string, { uri: string; type: string }>>>;
    "x-amazon-apigateway-gateway-responses": Record<
      string,
      { statusCode: number; responseTemplates: Record<string, string>; responseParameters: unknown }
    >;
  }
  const definition = () =>
    JSON.parse(
      String(inputsOf(program, "aws:apigateway/restApi:RestApi", "orders")["body"]),
    ) as Definition;

  it("has four routes, each to its function", () => {
    const routes = Object.entries(definition().paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        `${method} ${path}`,
        operation["x-amazon-apigateway-integration"]?.uri,
      ]),
    );
    const uri = (name: string) =>
      `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn("lambda", `function:${name}`)}/invocations`;
    expect(routes).toEqual([
      ["post /orders", uri("create-order")],
      ["get /orders/{orderId}", uri("get-order")],
      ["delete /orders/{orderId}", uri("cancel-order")],
      ["get /orders/{orderId}/history", uri("get-order")],
    ]);
  });

  it("has the routes of openapi.yaml that an open API has", () => {
    const routes = Object.entries(definition().paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const contract = readContract();
    const open = routesOf(contract).filter(({ operation }) =>
      (operation.security ?? contract.security).some((needed) => !("bearer" in needed)),
    );
    expect(routes.sort()).toEqual(open.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it("is regional, keeps JSON as text, and is named after project and stack", () => {
    expect(inputsOf(program, "aws:apigateway/restApi:RestApi", "orders")).toMatchObject({
      name: "order-processing-dev",
      endpointConfiguration: { types: "REGIONAL" },
      binaryMediaTypes: ["application/octet-stream"],
    });
    expect(inputsOf(program, "aws:apigateway/stage:Stage", "orders")).toMatchObject({
      stageName: "dev",
      xrayTracingEnabled: true,
    });
  });

  it("accepts TLS 1.2 and 1.3 only", () => {
    expect(inputsOf(program, "aws:apigateway/restApi:RestApi", "orders")).toMatchObject({
      securityPolicy: "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
      endpointAccessMode: "BASIC",
    });
  });

  it("is throttled", () => {
    expect(
      inputsOf(program, "aws:apigateway/methodSettings:MethodSettings", "orders"),
    ).toMatchObject({
      stageName: "dev",
      methodPath: "*/*",
      settings: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
    });
  });

  it("may invoke its functions, each for its own methods and paths", () => {
    const permissions = program.resources.filter(
      ({ type, inputs }) =>
        type === "aws:lambda/permission:Permission" &&
        inputs["principal"] === "apigateway.amazonaws.com",
    );
    const sources = permissions.map(({ inputs }) => [inputs["function"], inputs["sourceArn"]]);
    const on = (route: string) => `${arn("execute-api", "api1234567")}/*/${route}`;
    expect(sources.sort()).toEqual([
      ["cancel-order", on("DELETE/orders/{orderId}")],
      ["create-order", on("POST/orders")],
      ["get-order", on("GET/orders/{orderId}")],
      ["get-order", on("GET/orders/{orderId}/history")],
    ]);
  });

  it("answers its own errors as problem details with the status that they are sent with", () => {
    const responses = Object.values(definition()["x-amazon-apigateway-gateway-responses"]);
    expect(responses.length).toBeGreaterThan(0);
    for (const { statusCode, responseTemplates, responseParameters } of responses) {
      const template = responseTemplates["application/json"] ?? "";
      expect(JSON.parse(template)).toEqual({
        type: "about:blank",
        title: expect.any(String),
        status: statusCode,
        detail: expect.any(String),
        requestId: "$context.requestId",
      });
      expect(responseParameters).toMatchObject({
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.Cache-Control": "'no-store'",
        "gatewayresponse.header.X-Content-Type-Options": "'nosniff'",
      });
    }
  });

  it("asks clients to try again when Lambda has no concurrency left", () => {
    const { INTEGRATION_FAILURE } = definition()["x-amazon-apigateway-gateway-responses"];
    expect(INTEGRATION_FAILURE).toMatchObject({
      statusCode: 503,
      responseParameters: { "gatewayresponse.header.Retry-After": "'2'" },
    });
  });
});

describe("the API key", () => {
  it("is required on every route", () => {
    const { body } = inputsOf(program, "aws:apigateway/restApi:RestApi", "orders");
    const { paths, securityDefinitions } = JSON.parse(String(body)) as {
      paths: Record<string, Record<string, { security: unknown }>>;
      securityDefinitions: unknown;
    };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(operations.map(({ security }) => security)).toEqual(
      Array.from({ length: 4 }, () => [{ api_key: [] }]),
    );
    expect(securityDefinitions).toEqual({
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    });
  });

  it("belongs to the API's stage, with the throttle and quota of the config", () => {
    const of = (type: string) => inputsOf(program, type, "orders");
    expect(of("aws:apigateway/usagePlan:UsagePlan")).toEqual({
      apiStages: [{ apiId: "orders", stage: "dev" }],
      throttleSettings: { rateLimit: 3, burstLimit: 100 },
      quotaSettings: { limit: 1000, period: "DAY" },
    });
    expect(of("aws:apigateway/usagePlanKey:UsagePlanKey")).toEqual({
      keyId: "orders",
      keyType: "API_KEY",
      usagePlanId: "orders",
    });
  });

  it("is an output that Pulumi keeps secret", () => {
    expect(program.outputs["apiKey"]).toBe(API_KEY);
    expect(program.secrets).toEqual(["apiKey"]);
  });
});
