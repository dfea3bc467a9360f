import {
  BUSY,
  INTERNAL_ERROR,
  problemBody,
  type ProblemStatus,
  SECURITY_HEADERS,
} from "../handlers/http";

/**
 * The errors that API Gateway responds with itself, in the shape of ours: RFC 9457 problem details.
 * Types, default statuses: "Gateway response types" in the API Gateway developer guide.
 */
export function gatewayResponses(hasAuthorizer: boolean) {
  return {
    ...(hasAuthorizer && authorizerResponses()),
    ACCESS_DENIED: response(403, "Access is denied."),
    API_CONFIGURATION_ERROR: response(500, INTERNAL_ERROR),
    BAD_REQUEST_BODY: response(400, "The request body is not valid."),
    BAD_REQUEST_PARAMETERS: response(400, "A request parameter is not valid."),
    EXPIRED_TOKEN: response(403, "The security token has expired."),
    // Lambda refuses the invocation, mostly for want of concurrency: API Gateway does not try again.
    INTEGRATION_FAILURE: response(503, BUSY, { "Retry-After": "2" }),
    INTEGRATION_TIMEOUT: response(504, "The service took too long."),
    INVALID_API_KEY: response(403, "The API key is missing or not valid."),
    INVALID_SIGNATURE: response(403, "The request signature is not valid."),
    // What API Gateway makes of a path or method that it does not know.
    MISSING_AUTHENTICATION_TOKEN: response(404, "There is no such resource."),
    QUOTA_EXCEEDED: response(429, "The quota of this API key is used up."),
    REQUEST_TOO_LARGE: response(413, "The request is too large."),
    RESOURCE_NOT_FOUND: response(404, "There is no such resource."),
    THROTTLED: response(429, "Too many requests. Please slow down."),
    UNSUPPORTED_MEDIA_TYPE: response(415, "This content type is not supported."),
    WAF_FILTERED: response(403, "The request was blocked."),
    DEFAULT_4XX: response(400, "The request is not valid."),
    // A function that crashed, timed out or gave a malformed response.
    DEFAULT_5XX: response(502, INTERNAL_ERROR),
  };
}

/** RFC 6750. Why a token was refused is in the log of authorize-caller alone. */
function authorizerResponses() {
  // The authorizer fails where the issuer's keys cannot be had: nobody can be told apart then.
  const unavailable = response(503, BUSY, { "Retry-After": "10" });
  return {
    UNAUTHORIZED: response(401, "A valid bearer token is required.", {
      "WWW-Authenticate": 'Bearer realm="order-processing"',
    }),
    AUTHORIZER_CONFIGURATION_ERROR: unavailable,
    AUTHORIZER_FAILURE: unavailable,
  };
}

function response(status: ProblemStatus, detail: string, others: Record<string, string> = {}) {
  const fixed = JSON.stringify(problemBody(status, detail));
  return {
    statusCode: status,
    responseTemplates: {
      "application/json": `${fixed.slice(0, -1)},"requestId":"$context.requestId"}`,
    },
    responseParameters: headers({
      "Content-Type": "application/problem+json",
      ...SECURITY_HEADERS,
      ...others,
    }),
  };
}

function headers(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
  );
}
