import { type Account, arn } from "../account";
import { authorizeCall, type Iam, isServiceAllowed } from "../iam/authorizer";
import type { AuthorizerOptions } from "./authorizer";
import type { CheckOptions } from "./checks";

/** Which functions API Gateway may invoke, by their own policies or as an authorizer's role. */
export function gatewayPermissions(
  account: Account,
  iam: Iam,
): Pick<AuthorizerOptions, "authorizerDenial"> & Pick<CheckOptions, "mayInvoke"> {
  const permissionOn = (resource: string) => ({ action: "lambda:InvokeFunction", resource });
  const mayInvoke = (functionArn: string, path: string) => {
    const source = arn(account, "execute-api", path);
    return isServiceAllowed(iam, "apigateway.amazonaws.com", permissionOn(functionArn), source);
  };
  return {
    mayInvoke,
    authorizerDenial({ name, caller, functionArn }, apiId) {
      if (caller !== undefined) {
        return authorizeCall(iam, caller, [permissionOn(functionArn)])?.message;
      }
      if (mayInvoke(functionArn, `${apiId}/authorizers/${name}`)) return undefined;
      return `no aws.lambda.Permission lets API Gateway invoke ${functionArn}`;
    },
  };
}
