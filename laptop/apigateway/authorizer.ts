import type { IncomingMessage } from "node:http";
import { type Account, arn } from "../account";
import type { OnEvent } from "../events";
import { decide } from "../iam/evaluate";
import type { Cause, LambdaFunction } from "../lambda/execution-environments";
import { type CallerPolicy, parseAuthorizerOutput } from "./authorizer-output";
import type { GatewayResponseType } from "./gateway-response";
import type { Invoke } from "./integration";
import type { Route } from "./route";
import type { Stage } from "./stage";

/** A Lambda authorizer of type TOKEN: it gets one header of the request. */
export interface TokenAuthorizer {
  name: string;
  /** In lower case. */
  header: string;
  /** What a token has to match; others do not reach the function. */
  validation: RegExp | undefined;
  functionArn: string;
  /** The access key id of its role; undefined where the function's own policy lets API Gateway in. */
  caller: string | undefined;
  /** For so long a policy is kept; 0 for no time. */
  ttlSeconds: number;
}

export interface AuthorizerOptions {
  account: Account;
  findFunction: (arn: string) => LambdaFunction | undefined;
  /** Why API Gateway may not invoke an authorizer's function; undefined where it may. */
  authorizerDenial: (authorizer: TokenAuthorizer, apiId: string) => string | undefined;
  onEvent: OnEvent;
}

/** What the route's function learns of the caller: texts, and how long the authorizer took. */
export type AuthorizerContext = Record<string, string | number>;

/** Neither a refusal nor a context where the route has no authorizer. */
export interface Authorization {
  refusal?: GatewayResponseType | undefined;
  context?: AuthorizerContext;
}

/** Authorises requests: whoever may call a route by its authorizer's policy may go on. `path`: without the stage. */
export type Authorize = (
  request: IncomingMessage,
  stage: Stage,
  route: Route,
  path: string,
  cause: Cause,
) => Promise<Authorization>;

export function makeAuthorize(options: AuthorizerOptions, invoke: Invoke): Authorize {
  return async (request, stage, { authorizer }, path, cause) => {
    if (!authorizer) return {};
    const token = tokenIn(request, authorizer);
    if (token === undefined) return { refusal: "UNAUTHORIZED" };
    const methodArn = methodArnOf(options.account, stage, request.method ?? "", path);
    const started = performance.now();
    const policy =
      stage.policies.get(authorizer.name, token) ??
      (await askFor(token, methodArn, { authorizer, stage, invoke, cause, options }));
    if (typeof policy === "string") return { refusal: policy };
    const integrationLatency = Math.round(performance.now() - started);
    return {
      refusal: allows(policy, methodArn) ? undefined : "ACCESS_DENIED",
      context: { ...policy.context, integrationLatency },
    };
  };
}

/** Undefined for a request that the function does not see. */
function tokenIn(
  { headersDistinct }: IncomingMessage,
  { header, validation }: TokenAuthorizer,
): string | undefined {
  const [token = "", ...others] = headersDistinct[header] ?? [];
  if (token === "" || others.length > 0) return undefined;
  return validation?.test(token) === false ? undefined : token;
}

/** Of the path as the client sent it, not of the route. */
function methodArnOf(account: Account, { api, name }: Stage, method: string, path: string): string {
  return arn(account, "execute-api", `${api.id}/${name}/${method}/${path.replace(/^\//, "")}`);
}

function allows({ statements }: CallerPolicy, methodArn: string): boolean {
  const request = {
    principal: "*",
    action: "execute-api:Invoke",
    resource: methodArn,
    context: {},
  };
  return decide(statements, request) === "allowed";
}

interface Asked {
  authorizer: TokenAuthorizer;
  stage: Stage;
  invoke: Invoke;
  cause: Cause;
  options: AuthorizerOptions;
}

/** Asks the function for a policy and keeps it: Allow and Deny alike, but no error. */
async function askFor(
  authorizationToken: string,
  methodArn: string,
  { authorizer, stage, invoke, cause, options }: Asked,
): Promise<CallerPolicy | GatewayResponseType> {
  const { name, functionArn, ttlSeconds } = authorizer;
  const misconfigured = (reason: string): GatewayResponseType => {
    options.onEvent({ kind: "warning", text: `the authorizer ${name}: ${reason}` });
    return "AUTHORIZER_CONFIGURATION_ERROR";
  };
  const denial = options.authorizerDenial(authorizer, stage.api.id);
  if (denial !== undefined) return misconfigured(denial);
  const target = options.findFunction(functionArn);
  const event = { type: "TOKEN", authorizationToken, methodArn };
  const result = target && (await invoke(target, event, cause));
  if (!result || result === "throttled") return "AUTHORIZER_FAILURE";
  if (result === "timeout") return misconfigured("its function timed out");
  if (!result.ok) {
    return isUnauthorized(result.error) ? "UNAUTHORIZED" : misconfigured(result.error);
  }
  try {
    const policy = parseAuthorizerOutput(JSON.parse(result.json));
    stage.policies.put(name, authorizationToken, policy, ttlSeconds);
    return policy;
  } catch (error) {
    return misconfigured(`its function's output is malformed: ${(error as Error).message}`);
  }
}

/** Of an error's name and message it is the message alone that counts. */
function isUnauthorized(error: string): boolean {
  return /^[^:]*: Unauthorized$/.test(error);
}
