import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { TRACE_HEADER } from "../traces/trace-header";
import type { AuthorizerContext } from "./authorizer";

export interface ProxyRequest {
  request: Pick<IncomingMessage, "method" | "rawHeaders" | "httpVersion">;
  remoteAddress: string;
  /** As in the URL, without the question mark. */
  query: string;
  body: Buffer;
  stage: string;
  /** Without the stage. */
  path: string;
  resource: string;
  pathParameters: Record<string, string> | null;
  requestId: string;
  /** As X-Ray's header has it. */
  traceHeader: string;
  apiId: string;
  accountId: string;
  /** What an authorizer says of the caller. */
  authorizer?: AuthorizerContext | undefined;
  binaryMediaTypes: string[];
  now: Date;
}

type Multi = Record<string, string[]>;

/** The event that API Gateway makes of a request (Lambda proxy integration, payload version 1.0). */
export function proxyEvent(proxy: ProxyRequest): APIGatewayProxyEvent {
  const { request, stage, path, resource, pathParameters } = proxy;
  const multiValueHeaders = requestHeaders(proxy);
  const query = grouped([...new URLSearchParams(proxy.query)]);
  const hasQuery = Object.keys(query).length > 0;
  return {
    resource,
    path,
    httpMethod: request.method ?? "GET",
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: hasQuery ? lastOf(query) : null,
    multiValueQueryStringParameters: hasQuery ? query : null,
    pathParameters,
    stageVariables: null,
    requestContext: requestContext(proxy, multiValueHeaders, `/${stage}${path}`),
    ...eventBody(proxy, multiValueHeaders),
  };
}

function requestContext(
  proxy: ProxyRequest,
  headers: Multi,
  path: string,
): APIGatewayProxyEvent["requestContext"] {
  const { request, now, stage, resource, requestId, apiId, accountId, remoteAddress } = proxy;
  const { authorizer = null } = proxy;
  return {
    accountId,
    apiId,
    authorizer,
    domainName: valueOf(headers, "host") ?? "",
    httpMethod: request.method ?? "GET",
    identity: { ...NOBODY, sourceIp: remoteAddress },
    path,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    requestTime: now.toUTCString(),
    requestTimeEpoch: now.getTime(),
    resourceId: resource,
    resourcePath: resource,
    stage,
  };
}

const NOBODY = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userAgent: null,
  userArn: null,
};

function eventBody({ body, binaryMediaTypes }: ProxyRequest, headers: Multi) {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  const isBinary = isMediaTypeIn(binaryMediaTypes, valueOf(headers, "content-type") ?? "");
  return { body: body.toString(isBinary ? "base64" : "utf8"), isBase64Encoded: isBinary };
}

function valueOf(headers: Multi, name: string): string | undefined {
  return Object.entries(headers)
    .find(([key]) => key.toLowerCase() === name)?.[1]
    .at(-1);
}

function isMediaTypeIn(mediaTypes: string[], contentType: string): boolean {
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  return mediaTypes.includes("*/*") || mediaTypes.includes(mediaType);
}

function requestHeaders({ request, remoteAddress, traceHeader }: ProxyRequest): Multi {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? "";
    if (name.toLowerCase() !== TRACE_HEADER) pairs.push([name, request.rawHeaders[i + 1] ?? ""]);
  }
  pairs.push(["X-Amzn-Trace-Id", traceHeader]);
  pairs.push(["X-Forwarded-For", remoteAddress], ["X-Forwarded-Proto", "http"]);
  return grouped(pairs);
}

function grouped(pairs: [string, string][]): Multi {
  const result = new Map<string, string[]>();
  for (const [name, value] of pairs) result.set(name, [...(result.get(name) ?? []), value]);
  return Object.fromEntries(result);
}

function lastOf(multi: Multi): Record<string, string> {
  return Object.fromEntries(Object.entries(multi).map(([name, all]) => [name, all.at(-1) ?? ""]));
}
