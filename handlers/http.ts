import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Parsed, Violation } from "./json";
import type { Telemetry } from "./telemetry";

/** Clients that failed together come back spread over so many seconds, not all at once. */
export const MAX_RETRY_AFTER_SECONDS = 5;

/** HTTP's own titles (RFC 9110) of the statuses that the API answers with, API Gateway included. */
export const PROBLEM_TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
export type ProblemStatus = keyof typeof PROBLEM_TITLES;

export const INTERNAL_ERROR = "Something went wrong on our side.";
/** Whether there is none, or it is another customer's: who may not see it must not learn which. */
export const NO_SUCH_ORDER = "There is no such order.";
export const BUSY = "The service is busy. Please send the request again.";

/** RFC 9457 problem details, but for the request's own members. */
export function problemBody(status: ProblemStatus, detail: string) {
  return { type: "about:blank", title: PROBLEM_TITLES[status], status, detail };
}

/** What could be taken for markup, or steers a terminal, if somebody forgot what JSON is. */
const UNSAFE = /[<>&\p{Cc}\u2028\u2029]/gu;

/** Of every response, API Gateway's own included: do not cache it, do not guess its type. */
export const SECURITY_HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

type Headers = Record<string, string>;

export function json(status: number, body: object, headers: Headers = {}): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      "Content-Type": "application/json",
      ...SECURITY_HEADERS,
      ...headers,
    },
    body: JSON.stringify(body).replace(UNSAFE, escaped),
  };
}

/** The same JSON: such a character can stand in a string only. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** An error as RFC 9457 problem details. Never give it a value that the client sent. */
export function problem(
  event: APIGatewayProxyEvent,
  status: ProblemStatus,
  detail: string,
  { errors, headers }: { errors?: Violation[]; headers?: Headers } = {},
): APIGatewayProxyResult {
  const { requestId } = event.requestContext;
  return json(
    status,
    { ...problemBody(status, detail), requestId, ...(errors && { errors }) },
    { ...headers, "Content-Type": "application/problem+json" },
  );
}

/** Every value of a header, whatever the case of its name. */
export function headerValues(event: APIGatewayProxyEvent, name: string): string[] {
  // The console's "Test" button sends null here.
  const headers = event.multiValueHeaders as APIGatewayProxyEvent["multiValueHeaders"] | null;
  return Object.entries(headers ?? {})
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, values]) => values ?? []);
}

/** The body as text. API Gateway sends it as base64 where the content type is a binary one. */
export function bodyText(event: APIGatewayProxyEvent): Parsed<string> {
  if (event.body === null || event.body === "") return badBody("is missing");
  if (!event.isBase64Encoded) return { ok: true, value: event.body };
  try {
    const bytes = Buffer.from(event.body, "base64");
    return {
      ok: true,
      value: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    };
  } catch {
    return badBody("is not valid UTF-8");
  }
}

function badBody(detail: string): Parsed<string> {
  return { ok: false, violations: [{ pointer: "", detail }] };
}

/**
 * Responds to what a handler did not expect: 503 when a retry is worth it, else 500. `random` gives numbers
 * from 0 to less than 1.
 */
export function withProblemResponses(
  deps: Pick<Telemetry, "log"> & { isRetryable(error: unknown): boolean },
  handle: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>,
  random: () => number = () => Math.random(),
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  return async (event) => {
    try {
      return await handle(event);
    } catch (error) {
      deps.log.error("request failed", error, { apiRequestId: event.requestContext.requestId });
      if (!deps.isRetryable(error)) return problem(event, 500, INTERNAL_ERROR);
      const seconds = 1 + Math.floor(random() * MAX_RETRY_AFTER_SECONDS);
      return problem(event, 503, BUSY, { headers: { "Retry-After": String(seconds) } });
    }
  };
}
