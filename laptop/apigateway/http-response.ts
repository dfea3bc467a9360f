import { validateHeaderName, validateHeaderValue } from "node:http";
import {
  array,
  boolean,
  is,
  nullable,
  number,
  optional,
  record,
  string,
  type,
  union,
} from "superstruct";

export interface HttpResponse {
  status: number;
  headers: [string, string | string[]][];
  body: Buffer;
}

/** What API Gateway sends for a function's result; undefined when that is malformed (a 502). */
export function httpResponse(result: unknown): HttpResponse | undefined {
  const scalar = union([string(), number(), boolean()]);
  const struct = type({
    statusCode: union([number(), string()]),
    headers: optional(nullable(record(string(), scalar))),
    multiValueHeaders: optional(nullable(record(string(), array(scalar)))),
    body: optional(nullable(string())),
    isBase64Encoded: optional(boolean()),
  });
  if (!is(result, struct)) return undefined;
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const single = Object.entries(result.headers ?? {}).map(([name, value]): [string, string] => [
    remapped(name),
    String(value),
  ]);
  const multi = Object.entries(result.multiValueHeaders ?? {}).map(
    ([name, values]): [string, string[]] => [remapped(name), values.map(String)],
  );
  if (![...single, ...multi].every(isHeader)) return undefined;
  return {
    status,
    // Set in this order, so that the multi-value header wins where both have the name.
    headers: [["Content-Type", "application/json"], ...single, ...multi],
    body: Buffer.from(result.body ?? "", result.isBase64Encoded === true ? "base64" : "utf8"),
  };
}

/** What API Gateway renames of a function's own headers ("important notes" in its developer guide). */
const REMAPPED = [
  "authorization",
  "connection",
  "content-length",
  "date",
  "server",
  "www-authenticate",
];

function remapped(name: string): string {
  return REMAPPED.includes(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;
}

function isHeader([name, value]: [string, string | string[]]): boolean {
  try {
    validateHeaderName(name);
    for (const each of [value].flat()) validateHeaderValue(name, each);
    return true;
  } catch {
    return false;
  }
}
