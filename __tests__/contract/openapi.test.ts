import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { receivedOrder } from "../../handlers/order";
import { parseOrderRequest } from "../../handlers/order-request";
import { gatewayResponses } from "../../infra/gateway-responses";
import { FILE, readContract, readDocument, routesOf } from "../support/contract/document";
import { makeAjv } from "../support/contract/response-checker";

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
  function canHappen(status: number, { method, path: route }: (typeof routes)[number]): boolean {
    if (status === 404) return method === "get" || method === "delete" || route !== "/orders";
    return status === 413 ? method === "post" : status !== 415;
  }

  it.each(named)("are documented for %s", (_, route) => {
    const statuses = Object.values(gatewayResponses(true)).map(({ statusCode }) => statusCode);
    const expected = statuses.filter((status) => canHappen(status, route)).map(String);
    expect(Object.keys(route.operation.responses)).toEqual(expect.arrayContaining(expected));
  });
});
