import type { HttpResponse } from "./http-response";

/** API Gateway's own errors, by gateway response type, with their default status and message. */
const DEFAULTS = {
  UNAUTHORIZED: { status: 401, message: "Unauthorized" },
  ACCESS_DENIED: { status: 403, message: "User is not authorized to access this resource" },
  // The authorizer's function cannot be invoked, or fails.
  AUTHORIZER_FAILURE: { status: 500, message: null },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, message: null },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: "Missing Authentication Token" },
  BAD_REQUEST_PARAMETERS: { status: 400, message: "Bad Request" },
  REQUEST_TOO_LARGE: { status: 413, message: "Request Too Long" },
  THROTTLED: { status: 429, message: "Too Many Requests" },
  API_CONFIGURATION_ERROR: { status: 500, message: "Internal server error" },
  INVALID_API_KEY: { status: 403, message: "Forbidden" },
  QUOTA_EXCEEDED: { status: 429, message: "Limit Exceeded" },
  INTEGRATION_FAILURE: { status: 504, message: "Internal server error" },
  INTEGRATION_TIMEOUT: { status: 504, message: "Endpoint request timed out" },
  // A malformed or failed Lambda response has no type of its own.
  DEFAULT_5XX: { status: 502, message: "Internal server error" },
};

export type GatewayResponseType = keyof typeof DEFAULTS;

/** How the API's definition (x-amazon-apigateway-gateway-responses) changes an error. */
export interface GatewayResponse {
  statusCode?: number | undefined;
  responseTemplates?: Record<string, string> | undefined;
  responseParameters?: Record<string, string> | undefined;
}

type Configured = Readonly<Record<string, GatewayResponse>>;

/** What the API's definition says of an error, for itself or for its class; undefined where it says nothing. */
export function modificationOf(
  type: GatewayResponseType,
  configured: Configured,
): GatewayResponse | undefined {
  return configured[type] ?? configured[`DEFAULT_${Math.floor(DEFAULTS[type].status / 100)}XX`];
}

export function gatewayResponse(
  type: GatewayResponseType,
  configured: Configured,
  requestId: string,
): HttpResponse {
  const { status, message } = DEFAULTS[type];
  const response = modificationOf(type, configured) ?? {};
  const template =
    response.responseTemplates?.["application/json"] ?? '{"message":$context.error.messageString}';
  const body = template
    .replaceAll("$context.error.messageString", JSON.stringify(message))
    .replaceAll("$context.error.message", String(message))
    .replaceAll("$context.error.responseType", type)
    .replaceAll("$context.requestId", requestId);
  return {
    status: response.statusCode ?? status,
    headers: [
      ["Content-Type", "application/json"],
      ...configuredHeaders(response.responseParameters ?? {}),
    ],
    body: Buffer.from(body),
  };
}

function configuredHeaders(parameters: Record<string, string>): [string, string][] {
  return Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
    return header === undefined ? [] : [[header, value.replaceAll(/^'|'$/g, "")]];
  });
}
