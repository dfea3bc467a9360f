import { array, defaulted, type Infer, optional, record, string, type, unknown } from "superstruct";
import type { Route } from "./route";
import {
  type AssumeRole,
  isApiKey,
  type SecurityScheme,
  tokenAuthorizer,
  unknownKind,
} from "./security-scheme";

const AUTH = "x-amazon-apigateway-auth";

/** Of an operation of an OpenAPI document: several entries must all hold, as awsx writes them. */
export const securedStruct = type({
  security: defaulted(array(record(string(), unknown())), []),
  [AUTH]: optional(type({ type: string() })),
});

/** What a route asks of its callers. Throws at anything that would not be checked. */
export function guardsOf(
  route: string,
  { security, [AUTH]: auth }: Infer<typeof securedStruct>,
  schemes: Readonly<Record<string, SecurityScheme>>,
  assumeRole: AssumeRole,
): Pick<Route, "apiKeyRequired" | "authorizer"> {
  if (auth && auth.type.toUpperCase() !== "NONE") throw notEmulated(route, auth.type);
  const named = security
    .flatMap((entry) => Object.keys(entry))
    .map((name) => ({ name, scheme: schemeOf(route, name, schemes) }));
  const [authorizer, ...others] = named.filter(({ scheme }) => !isApiKey(scheme));
  if (others.length > 0) throw notEmulated(route, "several authorizers");
  const kind = authorizer && unknownKind(authorizer.scheme);
  if (kind !== undefined) throw notEmulated(route, kind);
  return {
    apiKeyRequired: named.some(({ scheme }) => isApiKey(scheme)),
    authorizer: authorizer && tokenAuthorizer(authorizer.name, authorizer.scheme, assumeRole),
  };
}

function schemeOf(
  route: string,
  name: string,
  schemes: Readonly<Record<string, SecurityScheme>>,
): SecurityScheme {
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
  if (scheme) return scheme;
  throw new Error(`${route}: its security scheme ${name} is not defined`);
}

function notEmulated(route: string, kind: string): Error {
  return new Error(`${route}: authorisation by ${kind} is not emulated, and nobody would check it`);
}
