import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { withProblemResponses } from "../../handlers/http";
import { receivedOrder } from "../../handlers/order";
import { parseOrderRequest } from "../../handlers/order-request";
import { gatewayResponses } from "../../infra/gateway-responses";
import {
  FILE,
  readContract,
  readDocument,
  type Route,
  routesOf,
} from "../support/contract/document";
import {
  makeAjv,
  makeResponseChecker,
  type SeenResponse,
  seenResult,
} from "../support/contract/response-checker";
import { httpEvent } from "../support/http-event";
import { ORDER_ID } from "../support/orders";
import { telemetry } from "../support/telemetry";

const PROJECT = path.dirname(FILE);
const VALIDATOR = "node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js";

const contract = readContract();
const routes = routesOf(contract);
const named = routes.map((each) => [each.operation.operationId, each] as const);
const ajv = makeAjv();

/** An ES module, which jest does not load: it runs as a process of its own. */
async function validate(file: string): Promise<{ valid: boolean; errors?: unknown }> {
  const run = promisify(execFile)(process.execPath, [VALIDATOR, file], { cwd: PROJECT });
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  return JSON.parse(stdout) as { valid: boolean };
}

describe("openapi.yaml", () => {
  it("is OpenAPI 3.1 by an independent validator", async () => {
    expect(readDocument()).toMatchObject({ openapi: expect.stringMatching(/^3\.1\.\d$/) });
    expect(await validate(FILE)).toEqual({ valid: true });
  });

  it.each([
    ["a response without its description", "          description: A page of the list.\n", ""],
    ["a reference to nothing", "schemas/OrderList", "schemas/OrdersList"],
  ])("is not, by the same validator, with %s", async (_what, text, replacement) => {
    const whole = await readFile(FILE, "utf8");
    expect(whole).toContain(text);
    const folder = await mkdtemp(path.join(tmpdir(), "openapi-"));
    try {
      const file = path.join(folder, "openapi.yaml");
      await writeFile(file, whole.replace(text, replacement));
      expect(await validate(file)).toMatchObject({ valid: false });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the schemas", () => {
  // The validator above does not look into them.
  it("are JSON Schema 2020-12", () => {
    const schemas = Object.values(contract.components.schemas);
    for (const schema of schemas) expect(() => ajv.compile(schema)).not.toThrow();
    for (const wrong of [{ type: "numeric" }, { maxLenght: 1 }, { type: "string", minimum: 1 }]) {
      expect(() => ajv.compile(wrong)).toThrow();
    }
  });
});

describe("the examples", () => {
  it.each(named)("of %s are valid by their schemas, and each body has one", (_, { operation }) => {
    const { requestBody, responses } = operation;
    for (const body of [requestBody, ...Object.values(responses)]) {
      for (const { schema, examples = {} } of Object.values(body?.content ?? {})) {
        const isValid = ajv.compile(schema);
        const values = Object.values(examples).map(({ value }) => value);
        expect(values.length).toBeGreaterThan(0);
        expect(values.filter((value) => !isValid(value))).toEqual([]);
      }
    }
  });

  it("of parameters, headers and schemas are valid, too", () => {
    const { components } = contract;
    const { schemas, headers } = components;
    const ofSchemas = Object.values(schemas).map((schema) => ({ schema, values: schema.examples }));
    const others = [...routes.flatMap(({ parameters }) => parameters), ...Object.values(headers)];
    const single = others.map(({ schema, example }) => ({
      schema,
      values: example === undefined ? [] : [example],
    }));
    for (const { schema, values = [] } of [...ofSchemas, ...single]) {
      const isValid = ajv.compile(schema);
      expect(values.filter((value) => !isValid(value))).toEqual([]);
    }
  });

  it("of requests are accepted, and the first gives the response that is shown", () => {
    const { requestBody } = contract.paths["/orders"]?.post ?? {};
    const { examples = {} } = requestBody?.content["application/json"] ?? {};
    const parsed = Object.values(examples).map(({ value }) =>
      parseOrderRequest(JSON.stringify(value)),
    );
    expect(parsed.filter(({ ok }) => !ok)).toEqual([]);
    const shown = contract.components.examples["ReceivedOrder"]?.value as Record<string, string>;
    const { orderId = "", createdAt = "" } = shown;
    const [tea] = parsed;
    expect(tea?.ok === true && receivedOrder(tea.value, orderId, new Date(createdAt))).toEqual(
      shown,
    );
  });
});

describe("the errors that API Gateway makes", () => {
  /** Any Content-Type is accepted; only what may be missing is; only what has a body is too large. */
  function canHappen(status: number, { method, path: route }: Route): boolean {
    if (status === 404) return method === "get" || method === "delete" || route !== "/orders";
    return status === 413 ? method === "post" : status !== 415;
  }

  it.each(named)("are those that are documented for %s", (_, route) => {
    const { check, counts } = makeResponseChecker();
    const made = Object.values(gatewayResponses(true)).filter(({ statusCode }) =>
      canHappen(statusCode, route),
    );
    for (const response of made) check(seenError(route, response));
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(made.length);
  });
});

type GatewayError = ReturnType<typeof gatewayResponses>["DEFAULT_5XX"];

function seenError(route: Route, error: GatewayError): SeenResponse {
  const headers = Object.entries(error.responseParameters).map(([name, value]) => [
    name.replace("gatewayresponse.header.", ""),
    value.replaceAll("'", ""),
  ]);
  return {
    method: route.method.toUpperCase(),
    path: route.path,
    status: error.statusCode,
    headers: new Headers(headers),
    text: error.responseTemplates["application/json"].replace("$context.requestId", ORDER_ID),
  };
}

describe("the responses to what no handler expects", () => {
  it.each([
    [500, false, 0],
    [503, true, 0],
    [503, true, 0.999],
  ])("are documented: %s", async (status, isRetryable, random) => {
    const { check, counts } = makeResponseChecker();
    const handle = withProblemResponses(
      { ...telemetry, isRetryable: () => isRetryable },
      () => Promise.reject(new Error("unexpected")),
      () => random,
    );
    for (const { method, path: route } of routes) {
      const result = await handle(httpEvent());
      check(seenResult(method.toUpperCase(), route, result));
      expect(counts.get(`${method.toUpperCase()} ${route} ${status}`)).toBe(1);
    }
  });
});
