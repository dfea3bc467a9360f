import { conditionHolds, type Context } from "./conditions";
import { matchesPattern } from "./pattern";
import type { Statement } from "./policy-document";

/** Who asks, for what, and under which circumstances. */
export interface AccessRequest {
  /** `AWS:<arn>` or `Service:<name>`. */
  principal: string;
  action: string;
  resource: string;
  context: Context;
}

export type Decision = "allowed" | "explicit-deny" | "implicit-deny";

/** What a set of statements says of a request: an explicit Deny wins over any Allow. */
export function decide(statements: Statement[], request: AccessRequest): Decision {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ Effect }) => Effect === "Deny")) return "explicit-deny";
  return applying.length > 0 ? "allowed" : "implicit-deny";
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition = {} } = statement;
  const action = (pattern: string) =>
    matchesPattern(pattern.toLowerCase(), request.action.toLowerCase());
  const resource = (pattern: string) => matchesPattern(pattern, request.resource);
  return (
    isNamed(Action, NotAction, action) &&
    isNamed(Resource, NotResource, resource) &&
    isPrincipal(Principal, request.principal) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, expected]) =>
        conditionHolds(operator, key, [expected].flat().map(String), request.context),
      ),
    )
  );
}

/** A trust policy names no resource: it is about the role that has it. */
function isNamed(
  named: string | string[] | undefined,
  notNamed: string | string[] | undefined,
  test: (pattern: string) => boolean,
): boolean {
  if (notNamed !== undefined) return ![notNamed].flat().some(test);
  return named === undefined || [named].flat().some(test);
}

function isPrincipal(named: Statement["Principal"], principal: string): boolean {
  if (named === undefined || named === "*") return true;
  return Object.entries(named).some(([kind, names]) =>
    [names]
      .flat()
      .some((name) => (kind === "AWS" && name === "*") || `${kind}:${name}` === principal),
  );
}
