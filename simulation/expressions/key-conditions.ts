import { parseComparison, type Test } from "./conditions";
import { parseOperand, type Scope } from "./operands";
import type { Tokens } from "./tokens";
import { validationException } from "./validation";

/** What a query demands of one attribute of the key. */
export interface KeyCondition {
  attribute: string;
  operator: string;
  test: Test;
  /** Names of the values that it is compared with. */
  values: string[];
}

/** One comparison with values, or two with AND. */
export function parseKeyConditions(tokens: Tokens, scope: Scope): KeyCondition[] {
  const conditions = [parseKeyCondition(tokens, scope)];
  if (tokens.take("AND")) conditions.push(parseKeyCondition(tokens, scope));
  return conditions;
}

function parseKeyCondition(tokens: Tokens, scope: Scope): KeyCondition {
  const key = parseOperand(tokens, scope);
  const { operator, test, others } = parseComparison(tokens, scope, key);
  const isSupported = operator !== "<>" && operator !== "IN";
  if (!key.isPath || !isSupported || others.some(({ isPath }) => isPath)) {
    throw validationException("Invalid operator or operand used in KeyConditionExpression");
  }
  return { attribute: key.name, operator, test, values: others.map(({ name }) => name) };
}
