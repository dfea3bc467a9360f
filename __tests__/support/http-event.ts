import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { proxyEvent } from "../../laptop/apigateway/proxy-event";

export interface RequestOptions {
  method?: string;
  path?: string;
  headers?: [string, string][];
  body?: string | Buffer;
  pathParameters?: Record<string, string>;
  /** Without the question mark. */
  query?: string;
  /** What an authorizer says of the caller. */
  authorizer?: Record<string, string> | undefined;
}

/** The event that API Gateway would make of a request, with the request id "req-1". */
export function httpEvent(options: RequestOptions = {}): APIGatewayProxyEvent {
  const { method = "POST", path = "/orders", headers = [], pathParameters = null } = options;
  const event = proxyEvent({
    request: { method, rawHeaders: headers.flat(), httpVersion: "1.1" },
    remoteAddress: "127.0.0.1",
    query: options.query ?? "",
    body: Buffer.from(options.body ?? ""),
    stage: "dev",
    path,
    resource: path,
    pathParameters,
    requestId: "req-1",
    traceHeader: "Root=1-00000000-000000000000000000000000",
    apiId: "api",
    accountId: "000000000000",
    binaryMediaTypes: ["application/octet-stream"],
    now: new Date("2026-01-02T03:04:05.678Z"),
  });
  const { authorizer = null } = options;
  return { ...event, requestContext: { ...event.requestContext, authorizer } };
}

export function bodyOf(result: APIGatewayProxyResult): Record<string, unknown> {
  return JSON.parse(result.body) as Record<string, unknown>;
}
