import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";
import { readContract, routesOf } from "../support/contract/document";
import { FUNCTIONS } from "../support/function-names";

const AUTH = {
  issuer: "https://issuer.example.com/tenant/",
  audience: "orders",
  staffValue: "orders:staff",
};
const AUTHORIZER = arn("lambda", "function:authorize-caller");

interface Operation {
  security?: Record<string, unknown>[];
}

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives({ "order-processing:auth": AUTH });
});

function definition(of: Evaluated) {
  const { body } = inputsOf(of, "aws:apigateway/restApi:RestApi", "orders");
  return JSON.parse(String(body)) as {
    paths: Record<string, Record<string, Operation>>;
    securityDefinitions: Record<string, unknown>;
    "x-amazon-apigateway-gateway-responses": Record<string, Record<string, unknown>>;
  };
}

function operationsIn(of: Evaluated): [string, Operation][] {
  return Object.entries(definition(of).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

const policyOf = (name: string) =>
  inputsOf(program, "aws:iam/rolePolicy:RolePolicy", name)["policy"] as {
    Statement: { Action: string[]; Resource: string }[];
  };

const variablesOf = (of: Evaluated, name: string) =>
  inputsOf(of, "aws:lambda/function:Function", name)["environment"];

describe("the program with an issuer", () => {
  it("has two functions more", () => {
    const expected = [...FUNCTIONS, "authorize-caller", "list-orders"].sort();
    expect(namesOf(program, "aws:lambda/function:Function").sort()).toEqual(expected);
  });

  it("asks the authorizer on every route", () => {
    const operations = operationsIn(program);
    expect(operations.map(([route]) => route).sort()).toEqual([
      "DELETE /orders/{orderId}",
      "GET /orders",
      "GET /orders/{orderId}",
      "GET /orders/{orderId}/history",
      "POST /orders",
    ]);
    for (const [, { security }] of operations)
      expect(security).toEqual([{ "authorize-caller": [] }]);
  });

  it("has the routes of openapi.yaml", () => {
    const routes = routesOf(readContract()).map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    );
    expect(
      operationsIn(program)
        .map(([route]) => route)
        .sort(),
    ).toEqual(routes.sort());
  });

  it("asks it as a role that may invoke it, and nothing else, about what looks like a bearer token", () => {
    const { securityDefinitions } = definition(program);
    expect(securityDefinitions).toEqual({
      "authorize-caller": {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "oauth2",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: expect.stringContaining(`/functions/${AUTHORIZER}/invocations`) as string,
          authorizerCredentials: "arn:aws:iam::123456789012:role/authorize-caller-invoker",
          identitySource: "",
          identityValidationExpression:
            "^[Bb][Ee][Aa][Rr][Ee][Rr] +[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
          authorizerResultTtlInSeconds: 60,
        },
      },
    });
    expect(policyOf("authorize-caller-invoker").Statement).toEqual([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: AUTHORIZER },
    ]);
    expect(
      inputsOf(program, "aws:iam/role:Role", "authorize-caller-invoker")["assumeRolePolicy"],
    ).toMatchObject({ Statement: [{ Principal: { Service: "apigateway.amazonaws.com" } }] });
  });

  it("makes no permission, policy or role besides", () => {
    const roles = [
      ...FUNCTIONS,
      "authorize-caller",
      "authorize-caller-invoker",
      "list-orders",
      "reconcile-orders-schedule",
    ].sort();
    expect(namesOf(program, "aws:iam/role:Role").sort()).toEqual(roles);
    expect(namesOf(program, "aws:iam/rolePolicy:RolePolicy").sort()).toEqual(roles);
    const permissions = namesOf(program, "aws:lambda/permission:Permission");
    expect(permissions.join()).not.toContain("authorize");
    expect(permissions).toHaveLength(operationsIn(program).length);
  });

  it("lets the authorizer do nothing, and list-orders read one index", () => {
    const telemetry = ["logs:CreateLogStream", "xray:PutTraceSegments"];
    const data = (name: string) =>
      policyOf(name).Statement.filter(({ Action: [first = ""] }) => !telemetry.includes(first));
    expect(data("authorize-caller")).toEqual([]);
    const Resource = arn("dynamodb", "table/orders/index/customers");
    expect(data("list-orders")).toEqual([
      { Effect: "Allow", Action: ["dynamodb:Query"], Resource },
    ]);
  });

  it("tells each function what it needs to know", () => {
    expect(variablesOf(program, "authorize-caller")).toEqual({
      variables: {
        STACK: "dev",
        TIMEOUT_SECONDS: "10",
        ISSUER: AUTH.issuer,
        AUDIENCE: "orders",
        JWKS_URI: "https://issuer.example.com/tenant/.well-known/jwks.json",
        CUSTOMER_CLAIM: "sub",
        STAFF_CLAIM: "scope",
        STAFF_VALUE: "orders:staff",
      },
    });
    for (const name of ["create-order", "get-order", "cancel-order", "list-orders"]) {
      expect(variablesOf(program, name)).toMatchObject({ variables: { ACCESS: "token" } });
    }
  });

  it("has an index of customers, whose throttles alarm as the table's do", () => {
    const { globalSecondaryIndexes } = inputsOf(program, "aws:dynamodb/table:Table", "orders");
    expect(globalSecondaryIndexes).toMatchObject([
      { name: "shelves" },
      {
        name: "customers",
        keySchemas: [
          { attributeName: "customerId", keyType: "HASH" },
          { attributeName: "createdAt", keyType: "RANGE" },
        ],
        projectionType: "INCLUDE",
      },
    ]);
    const alarm = inputsOf(program, "aws:cloudwatch/metricAlarm:MetricAlarm", "table-throttles");
    expect(JSON.stringify(alarm)).toContain('"GlobalSecondaryIndexName":"customers"');
  });

  it("has no alarm for errors of the authorizer: a refused token is one", () => {
    const alarms = namesOf(program, "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.filter((name) => name.startsWith("authorize-caller")).sort()).toEqual([
      "authorize-caller-slow",
      "authorize-caller-throttles",
    ]);
    expect(alarms).toContain("list-orders-errors");
  });

  it("responds to bad tokens by RFC 6750, and to an issuer that is down with 503", () => {
    const responses = definition(program)["x-amazon-apigateway-gateway-responses"];
    expect(responses["UNAUTHORIZED"]).toMatchObject({
      statusCode: 401,
      responseParameters: {
        "gatewayresponse.header.WWW-Authenticate": `'Bearer realm="order-processing"'`,
      },
    });
    for (const type of ["AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE"]) {
      expect(responses[type]).toMatchObject({
        statusCode: 503,
        responseParameters: { "gatewayresponse.header.Retry-After": "'10'" },
      });
    }
  });

  it("warns of nothing", () => {
    expect(program.warnings).toEqual([]);
  });

  it("exports what a client needs to get a token", () => {
    expect(program.outputs["auth"]).toMatchObject(AUTH);
  });

  it("asks for an API key besides, where that is configured", async () => {
    const both = await evaluateWithoutArchives({
      "order-processing:auth": AUTH,
      "order-processing:requireApiKey": true,
    });
    for (const [, { security }] of operationsIn(both)) {
      expect(security).toEqual(
        expect.arrayContaining([{ "authorize-caller": [] }, { api_key: [] }]),
      );
    }
  });
});

describe("the program without an issuer", () => {
  it("has none of it, and its functions know that the API is open", async () => {
    const open = await evaluateWithoutArchives();
    expect(JSON.stringify(definition(open))).not.toContain("authorize");
    expect(definition(open).paths["/orders"]).not.toHaveProperty("get");
    expect(variablesOf(open, "get-order")).toMatchObject({ variables: { ACCESS: "open" } });
    expect(open.outputs["auth"]).toBeUndefined();
    expect(open.warnings).toEqual([
      expect.stringMatching(/^The API is open: whoever knows its URL/),
    ]);
    const { globalSecondaryIndexes } = inputsOf(open, "aws:dynamodb/table:Table", "orders");
    expect(globalSecondaryIndexes).toHaveLength(1);
  });
});
