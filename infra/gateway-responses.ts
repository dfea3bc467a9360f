import { SECURITY_HEADERS } from "../handlers/http";

/**
 * The errors that API Gateway answers itself, in the shape of ours: RFC 9457 problem details.
 * Types, default statuses: "Gateway response types" in the API Gateway developer guide.
 */
export function gatewayResponses() {
  return {
    ACCESS_DENIED: response(403, "Forbidden", "Access is denied."),
    API_CONFIGURATION_ERROR: response(500, "Internal Server Error", FAULT),
    AUTHORIZER_CONFIGURATION_ERROR: response(500, "Internal Server Error", FAULT),
    AUTHORIZER_FAILURE: response(500, "Internal Server Error", FAULT),
    BAD_REQUEST_BODY: response(400, "Bad Request", "The request body is not valid."),
    BAD_REQUEST_PARAMETERS: response(400, "Bad Request", "A request parameter is not valid."),
    EXPIRED_TOKEN: response(403, "Forbidden", "The security token has expired."),
    INTEGRATION_FAILURE: response(504, "Gateway Timeout", "The service could not be reached."),
    INTEGRATION_TIMEOUT: response(504, "Gateway Timeout", "The service took too long."),
    INVALID_API_KEY: response(403, "Forbidden", "The API key is missing or not valid."),
    INVALID_SIGNATURE: response(403, "Forbidden", "The request signature is not valid."),
    // What API Gateway makes of a path or method that it does not know.
    MISSING_AUTHENTICATION_TOKEN: response(404, "Not Found", "There is no such resource."),
    QUOTA_EXCEEDED: response(429, "Too Many Requests", "The quota of this API key is used up."),
    REQUEST_TOO_LARGE: response(413, "Content Too Large", "The request is too large."),
    RESOURCE_NOT_FOUND: response(404, "Not Found", "There is no such resource."),
    THROTTLED: response(429, "Too Many Requests", "Too many requests. Please slow down."),
    UNAUTHORIZED: response(401, "Unauthorized", "The request is not authorised."),
    UNSUPPORTED_MEDIA_TYPE: response(
      415,
      "Unsupported Media Type",
      "This content type is not taken.",
    ),
    WAF_FILTERED: response(403, "Forbidden", "The request was blocked."),
    DEFAULT_4XX: response(400, "Bad Request", "The request is not valid."),
    // A function that crashed, timed out or gave a broken answer.
    DEFAULT_5XX: response(502, "Bad Gateway", FAULT),
  };
}

const FAULT = "Something went wrong on our side.";

function response(status: number, title: string, detail: string) {
  const fixed = JSON.stringify({ type: "about:blank", title, status, detail });
  return {
    statusCode: status,
    responseTemplates: {
      "application/json": `${fixed.slice(0, -1)},"requestId":"$context.requestId"}`,
    },
    responseParameters: headers({
      "Content-Type": "application/problem+json",
      ...SECURITY_HEADERS,
    }),
  };
}

function headers(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
  );
}
