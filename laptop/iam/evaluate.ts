import type { Statement } from "./policy-document";

/** Who asks, for what, and under which circumstances. */
export interface AccessRequest {
  /** `AWS:<arn>` or `Service:<name>`. */
  principal: string;
  action: string;
  resource: string;
  /** Condition keys, such as `aws:SourceArn`. */
  context: Record<string, string>;
}

export type Decision = "allow" | "deny" | "nothing said";

type Operator = (actual: string | undefined, expected: string) => boolean;

/** Condition operators that are understood. */
export const CONDITION_OPERATORS: Record<string, Operator> = {
  Bool: (actual, expected) => actual === expected,
  StringEquals: (actual, expected) => actual === expected,
  // True as well where the request has no such key.
  StringNotEquals: (actual, expected) => actual !== expected,
  ArnEquals: isLike,
  ArnLike: isLike,
};

/** Both of IAM's operators on ARNs take wildcards, in each of an ARN's six parts on its own. */
function isLike(actual: string | undefined, expected: string): boolean {
  if (actual === undefined) return false;
  const parts = arnParts(actual);
  return arnParts(expected).every((pattern, i) => matches(pattern, parts[i] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [0, 1, 2, 3, 4].map((i) => parts[i] ?? "").concat(parts.slice(5).join(":"));
}

/** What a set of statements says of a request: an explicit Deny wins over any Allow. */
export function decide(statements: Statement[], request: AccessRequest): Decision {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ Effect }) => Effect === "Deny")) return "deny";
  return applying.length > 0 ? "allow" : "nothing said";
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition = {} } = statement;
  const action = (pattern: string) => matches(pattern.toLowerCase(), request.action.toLowerCase());
  const resource = (pattern: string) => matches(pattern, request.resource);
  return (
    isNamed(Action, NotAction, action) &&
    isNamed(Resource, NotResource, resource) &&
    isPrincipal(Principal, request.principal) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, expected]) =>
        holds(operator, request.context[key], [expected].flat().map(String)),
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

/** Several values of a key are alternatives; of a negated operator, none of them may be it. */
function holds(operator: string, actual: string | undefined, expected: string[]): boolean {
  const results = expected.map((value) => CONDITION_OPERATORS[operator]?.(actual, value));
  return operator.includes("Not") ? results.every(Boolean) : results.some(Boolean);
}

/** `*` stands for any characters, `?` for any one; everything else for itself. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
