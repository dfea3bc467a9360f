import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import type { APIGatewayProxyResult } from "aws-lambda";
import {
  type Contract,
  type Header,
  readContract,
  readDocument,
  type ResponseObject,
  type Route,
  routesOf,
  type Schema,
} from "./document";

/** A response, and to what. */
export interface SeenResponse {
  method: string;
  /** Without stage and query. */
  path: string;
  status: number;
  headers: Headers;
  text: string;
}

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. An unknown keyword, format or type is an error. */
export function makeAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  addFormats(ajv);
  return ajv;
}

/** Checks responses against openapi.yaml, by route and status. Knows how many it has checked, by both. */
export function makeResponseChecker() {
  const contract = withoutOtherFields();
  const routes = routesOf(contract);
  const ajv = makeAjv();
  const compiled = new Map<Schema, ValidateFunction>();
  const counts = new Map<string, number>();

  function violationsOf(schema: Schema, value: unknown, what: string): string[] {
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    return validate(value) ? [] : [ajv.errorsText(validate.errors, { dataVar: what })];
  }

  function headerViolations(documented: Record<string, Header>, headers: Headers): string[] {
    const undocumented = headerNames(contract).filter(
      (name) => headers.has(name) && !(name in documented),
    );
    return [
      ...undocumented.map((name) => `${name} is not documented`),
      ...Object.entries(documented).flatMap(([name, { required = false, schema }]) => {
        const value = headers.get(name);
        if (value === null) return required ? [`${name} is missing`] : [];
        return violationsOf(schema, schema.type === "integer" ? Number(value) : value, name);
      }),
    ];
  }

  /** Throws where the response is not as documented. */
  const check = (seen: SeenResponse): void => {
    const { name, response } = documentedResponse(contract, routes, seen);
    const { headers = {}, content = {} } = response;
    const type = seen.headers.get("content-type") ?? "";
    const { schema } = content[type] ?? {};
    const violations = schema
      ? violationsOf(schema, JSON.parse(seen.text), "body")
      : [`the content type ${type} is not documented`];
    violations.push(...headerViolations(headers, seen.headers));
    if (violations.length > 0) throw new Error(`${name}: ${violations.join("; ")}\n${seen.text}`);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };

  return { check, counts };
}

/** A fetch that checks each response below this address, which ends in "/". */
export function checkedFetch(apiUrl: string, check: (seen: SeenResponse) => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const url = input instanceof Request ? input.url : String(input);
    const { status, headers } = response;
    const { method = "GET" } = init ?? {};
    if (url.startsWith(apiUrl)) {
      const path = new URL(url).pathname.slice(new URL(apiUrl).pathname.length - 1);
      check({ method, path, status, headers, text: await response.clone().text() });
    }
    return response;
  };
}

/** What a handler gives to API Gateway, as its client sees it. */
export function seenResult(
  method: string,
  path: string,
  { statusCode: status, headers = {}, body: text }: APIGatewayProxyResult,
): SeenResponse {
  const texts = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return { method, path, status, headers: new Headers(texts), text };
}

/** Clients ignore fields that they do not know; a test takes them for bookkeeping that has leaked. */
function withoutOtherFields(): Contract {
  const document = readDocument() as Contract;
  for (const schema of Object.values(document.components.schemas)) {
    if (schema.properties) schema.additionalProperties ??= false;
  }
  return readContract(document);
}

function headerNames({ components }: Contract): string[] {
  return Object.keys(components.headers);
}

function documentedResponse(
  { components }: Contract,
  routes: Route[],
  { method, path, status }: SeenResponse,
): { name: string; response: ResponseObject } {
  const route = routes.find(
    (each) => each.method === method.toLowerCase() && isAt(each.path, path),
  );
  const of = route ? `${method} ${route.path}` : "no route";
  const { NoSuchRoute } = components.responses;
  const response = route
    ? route.operation.responses[String(status)]
    : status === 404 && NoSuchRoute;
  if (!response) throw new Error(`${of} ${status} is not documented: ${method} ${path}`);
  return { name: `${of} ${status}`, response };
}

/** A slash at the end changes nothing. */
function isAt(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}/?$`).test(path);
}
