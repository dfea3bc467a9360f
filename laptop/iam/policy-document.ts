import {
  array,
  boolean,
  enums,
  type Infer,
  literal,
  object,
  optional,
  record,
  string,
  union,
  validate,
} from "superstruct";
import { isSupportedCondition } from "./conditions";

const oneOrMore = union([string(), array(string())]);
const statementStruct = object({
  Sid: optional(string()),
  Effect: enums(["Allow", "Deny"]),
  Principal: optional(union([literal("*"), record(string(), oneOrMore)])),
  Action: optional(oneOrMore),
  NotAction: optional(oneOrMore),
  Resource: optional(oneOrMore),
  NotResource: optional(oneOrMore),
  Condition: optional(record(string(), record(string(), union([oneOrMore, boolean()])))),
});
const documentStruct = object({
  Version: literal("2012-10-17"),
  Id: optional(string()),
  Statement: array(statementStruct),
});

/** A statement of a policy, as IAM's policy language has it. */
export type Statement = Infer<typeof statementStruct>;

/**
 * A role's own policy, the policy of a resource (a queue, a topic, a function), or the one that says
 * who may assume a role.
 */
export type PolicyKind = "role" | "resource" | "trust";

/**
 * The statements of a policy document, an object or JSON text. Throws, with `what` in the message, when
 * there is anything in it that could not be evaluated: nothing is ever skipped.
 */
export function parsePolicy(document: unknown, kind: PolicyKind, what: string): Statement[] {
  const unsupported = (feature: string) =>
    new Error(`${what} is not understood by the laptop stack, which enforces it: ${feature}`);
  const [error, policy] = validate(withList(parseJson(document)), documentStruct);
  if (error) throw unsupported(`its ${error.path.join(".") || "document"}`);
  for (const statement of policy.Statement) {
    const feature = unsupportedFeature(statement, kind);
    if (feature !== undefined) throw unsupported(feature);
  }
  return policy.Statement;
}

/** A single statement may stand without a list around it. */
function withList(document: unknown): unknown {
  if (typeof document !== "object" || document === null) return document;
  return { ...document, Statement: "Statement" in document ? [document.Statement].flat() : [] };
}

function parseJson(document: unknown): unknown {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document) as unknown;
  } catch {
    return undefined;
  }
}

function unsupportedFeature(statement: Statement, kind: PolicyKind): string | undefined {
  const { Action, NotAction, Resource, NotResource, Principal } = statement;
  if ((Action === undefined) === (NotAction === undefined)) return "its Action and NotAction";
  if ((kind === "role") !== (Principal === undefined)) return "its Principal";
  const named = [Resource, NotResource].filter((each) => each !== undefined);
  if (named.length !== (kind === "trust" ? 0 : 1)) return "its Resource and NotResource";
  const variable = named.flat().find((text) => text.includes("${"));
  if (variable !== undefined) return `the policy variable in ${variable}`;
  return unknownPrincipal(Principal) ?? unknownCondition(statement, kind);
}

function unknownPrincipal(principal: Statement["Principal"] = "*"): string | undefined {
  const named = principal === "*" ? {} : principal;
  for (const [kind, names] of Object.entries(named)) {
    const unknown = [names].flat().find((name) => kind !== "Service" && !isRoleOrAll(kind, name));
    if (unknown !== undefined) return `the Principal ${kind} ${unknown}`;
  }
  return undefined;
}

/** Not an account: it stands for whomever the account's own policies allow. */
function isRoleOrAll(kind: string, name: string): boolean {
  return kind === "AWS" && (name === "*" || /^arn:aws[a-z-]*:iam::\d+:role\/[^*?]+$/.test(name));
}

function unknownCondition(
  { Condition = {} }: Statement,
  policyKind: PolicyKind,
): string | undefined {
  for (const [operator, keys] of Object.entries(Condition)) {
    const unknown = Object.keys(keys).filter(
      (key) => policyKind !== "resource" || !isSupportedCondition(operator, key),
    );
    if (unknown.length > 0) return `the Condition ${operator} on ${unknown.join()}`;
  }
  return undefined;
}
