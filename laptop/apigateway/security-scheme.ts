import { defaulted, type Infer, number, optional, record, string, type } from "superstruct";
import type { TokenAuthorizer } from "./authorizer";
import { functionArnIn } from "./invocation-uri";

const AUTHTYPE = "x-amazon-apigateway-authtype";
export const AUTHORIZER = "x-amazon-apigateway-authorizer";
/** What Lambda authorizers of type TOKEN have as their authtype. */
const TOKEN_AUTHTYPES = ["custom", "oauth2"];
const DEFAULT_TTL_SECONDS = 300;
const MAX_TTL_SECONDS = 3600;

const authorizerStruct = type({
  type: string(),
  authorizerUri: defaulted(string(), ""),
  authorizerCredentials: optional(string()),
  identitySource: defaulted(string(), ""),
  identityValidationExpression: defaulted(string(), ""),
  authorizerResultTtlInSeconds: defaulted(number(), DEFAULT_TTL_SECONDS),
});
const schemeStruct = type({
  type: string(),
  name: defaulted(string(), ""),
  in: defaulted(string(), ""),
  [AUTHTYPE]: defaulted(string(), ""),
  [AUTHORIZER]: optional(authorizerStruct),
});

/** `securityDefinitions` of an OpenAPI document, by name. */
export const schemesStruct = defaulted(record(string(), schemeStruct), {});

export type SecurityScheme = Infer<typeof schemeStruct>;

/** Whether API Gateway itself looks at the key, for its usage plans. */
export function isApiKey(scheme: SecurityScheme): boolean {
  const isHeader = scheme.type === "apiKey" && scheme.name.toLowerCase() === "x-api-key";
  return isHeader && scheme[AUTHTYPE] === "" && !scheme[AUTHORIZER];
}

/** What authorises by a scheme that the laptop does not emulate; undefined where it does. */
export function unknownKind({
  type: kind,
  [AUTHTYPE]: authtype,
  [AUTHORIZER]: authorizer,
}: SecurityScheme) {
  if (authorizer?.type.toLowerCase() !== "token") return authorizer?.type ?? (authtype || kind);
  return TOKEN_AUTHTYPES.includes(authtype.toLowerCase()) ? undefined : authtype;
}

/** Registers the role as which an authorizer's function is invoked; gives the caller's access key id. */
export type AssumeRole = (authorizerName: string, roleArn: string) => string;

/** Throws at what API Gateway or the laptop refuses. */
export function tokenAuthorizer(
  name: string,
  scheme: SecurityScheme,
  assumeRole: AssumeRole,
): TokenAuthorizer {
  const what = `the authorizer ${name}`;
  const authorizer = scheme[AUTHORIZER] ?? authorizerStruct.create({});
  checkSource(what, scheme, authorizer.identitySource);
  const { authorizerUri, authorizerResultTtlInSeconds: ttlSeconds } = authorizer;
  if (!(ttlSeconds >= 0 && ttlSeconds <= MAX_TTL_SECONDS)) {
    throw new Error(`${what} keeps policies for 0 to ${MAX_TTL_SECONDS} s, not ${ttlSeconds}`);
  }
  const functionArn = functionArnIn(authorizerUri);
  if (functionArn === undefined) {
    throw new Error(`${what} has the URI ${authorizerUri}, which is no function's`);
  }
  const { identityValidationExpression: expression, authorizerCredentials: role } = authorizer;
  return {
    name,
    header: scheme.name.toLowerCase(),
    validation: expression === "" ? undefined : patternOf(what, expression),
    functionArn,
    caller: role === undefined ? undefined : assumeRole(name, role),
    ttlSeconds,
  };
}

/** API Gateway reads the scheme's own header: a source that names something else would be misleading. */
function checkSource(what: string, scheme: SecurityScheme, identitySource: string): void {
  const source = `method.request.header.${scheme.name}`;
  if (scheme.in === "header" && scheme.name !== "" && ["", source].includes(identitySource)) return;
  throw new Error(`${what} takes its token from ${identitySource || scheme.in}: not emulated`);
}

function patternOf(what: string, expression: string): RegExp {
  try {
    return new RegExp(expression);
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
