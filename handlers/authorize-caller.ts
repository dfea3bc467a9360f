import type {
  APIGatewayAuthorizerResult,
  APIGatewayTokenAuthorizerEvent,
  PolicyDocument,
} from "aws-lambda";
import { type CallerClaims, type CallerContext, callerIn } from "./caller";
import type { Telemetry } from "./telemetry";
import type { VerifyToken } from "./verify-token";

export interface AuthorizeCallerDeps extends Telemetry {
  verifyToken: VerifyToken;
  claims: CallerClaims;
}

/**
 * The API's authorizer: who is it that sends a request? The answer is good for all routes, as API Gateway
 * keeps it for the whole stage. It throws where the keys of the issuer cannot be had: the client gets a 503.
 */
export function makeAuthorizeCaller({
  verifyToken,
  claims: names,
  log,
  measure,
}: AuthorizeCallerDeps) {
  return async ({
    authorizationToken,
    methodArn,
  }: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const verified = await verifyToken(authorizationToken.replace(/^bearer +/i, ""));
    if (!verified.ok) {
      log.warn("token refused", { why: verified.why });
      measure("TokensRefused");
      // API Gateway makes a 401 of exactly this message.
      throw new Error("Unauthorized");
    }
    const { claims, expires } = verified;
    const caller = callerIn(claims, names);
    if (!caller) {
      log.warn("caller refused", { why: `the token names no customer in ${names.customerClaim}` });
      return { principalId: "nobody", policyDocument: policy("Deny", methodArn) };
    }
    const { customerId, isStaff } = caller;
    const context: CallerContext = { ...(customerId && { customerId }), isStaff, expires };
    return {
      principalId: customerId ?? "staff",
      policyDocument: policy("Allow", methodArn),
      context: { ...context },
    };
  };
}

/** For all methods of the stage that `methodArn` (`<api>/<stage>/<method>/<path>`) is in. */
function policy(Effect: "Allow" | "Deny", methodArn: string): PolicyDocument {
  const [api = "", stage = ""] = methodArn.split("/");
  const Statement = [{ Effect, Action: "execute-api:Invoke", Resource: `${api}/${stage}/*` }];
  return { Version: "2012-10-17", Statement };
}
