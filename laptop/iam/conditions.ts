import { matchesPattern } from "./pattern";

/** Condition keys that a request to a resource can have. */
export const CONTEXT_KEYS = [
  "aws:PrincipalAccount",
  "aws:PrincipalIsAWSService",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
] as const;

export type Context = Partial<Record<(typeof CONTEXT_KEYS)[number], string>>;

type Operator = (actual: string | undefined, expected: string) => boolean;

const CONDITION_OPERATORS: Record<string, Operator> = {
  Bool: (actual, expected) => actual === expected,
  BoolIfExists: (actual, expected) => actual === undefined || actual === expected,
  StringEquals: (actual, expected) => actual === expected,
  // True as well where the request has no such key.
  StringNotEquals: (actual, expected) => actual !== expected,
  ArnEquals: isLike,
  ArnLike: isLike,
};

export function isSupportedCondition(operator: string, key: string): boolean {
  return Object.hasOwn(CONDITION_OPERATORS, operator) && isContextKey(key);
}

/** Several values of a key are alternatives; of a negated operator, none of them may be it. */
export function conditionHolds(
  operator: string,
  key: string,
  expected: string[],
  context: Context,
): boolean {
  const actual = isContextKey(key) ? context[key] : undefined;
  const results = expected.map((value) => CONDITION_OPERATORS[operator]?.(actual, value));
  return operator.includes("Not") ? results.every(Boolean) : results.some(Boolean);
}

function isContextKey(key: string): key is keyof Context {
  return CONTEXT_KEYS.some((each) => each === key);
}

/** Both of IAM's operators on ARNs take wildcards, in each of an ARN's six parts on its own. */
function isLike(actual: string | undefined, expected: string): boolean {
  if (actual === undefined) return false;
  const parts = arnParts(actual);
  return arnParts(expected).every((pattern, i) => matchesPattern(pattern, parts[i] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [0, 1, 2, 3, 4].map((i) => parts[i] ?? "").concat(parts.slice(5).join(":"));
}
