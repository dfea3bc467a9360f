import { gatewayResponse } from "../../../laptop/apigateway/gateway-response";

const text = (response: { body: Buffer }) => response.body.toString();

describe("an error of API Gateway's own", () => {
  it("is AWS's default where the API says nothing", () => {
    const response = gatewayResponse("MISSING_AUTHENTICATION_TOKEN", {}, "req-1");
    expect(response.status).toBe(403);
    expect(text(response)).toBe('{"message":"Missing Authentication Token"}');
  });

  it.each([
    ["UNAUTHORIZED", 401, '{"message":"Unauthorized"}'],
    ["ACCESS_DENIED", 403, '{"message":"User is not authorized to access this resource"}'],
    ["AUTHORIZER_FAILURE", 500, '{"message":null}'],
    ["AUTHORIZER_CONFIGURATION_ERROR", 500, '{"message":null}'],
  ] as const)("is of an authorizer: %s", (type, status, body) => {
    const response = gatewayResponse(type, {}, "req-1");
    expect([response.status, text(response)]).toEqual([status, body]);
  });

  it("takes status, body and headers from the API's definition", () => {
    const configured = {
      THROTTLED: {
        statusCode: 430,
        responseTemplates: {
          "application/json":
            '{"m":$context.error.messageString,"t":"$context.error.responseType","id":"$context.requestId"}',
        },
        responseParameters: { "gatewayresponse.header.Content-Type": "'application/problem+json'" },
      },
    };
    const response = gatewayResponse("THROTTLED", configured, "req-1");
    expect(response.status).toBe(430);
    expect(JSON.parse(text(response))).toEqual({
      m: "Too Many Requests",
      t: "THROTTLED",
      id: "req-1",
    });
    expect(response.headers.at(-1)).toEqual(["Content-Type", "application/problem+json"]);
  });

  it("falls back to the default of its class, and keeps its own status there", () => {
    const configured = { DEFAULT_4XX: { responseTemplates: { "application/json": "{}" } } };
    const response = gatewayResponse("REQUEST_TOO_LARGE", configured, "req-1");
    expect([response.status, text(response)]).toEqual([413, "{}"]);
  });
});
