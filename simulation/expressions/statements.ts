import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { parseCondition, type Test } from "./conditions";
import { type KeyCondition, parseKeyConditions } from "./key-conditions";
import type { Scope } from "./operands";
import { type Tokens, tokensOf } from "./tokens";
import { parseUpdate, type Update } from "./updates";
import { validationException } from "./validation";
import { type Item, stored } from "./values";

/** The parts of a call that its expressions are about, by their names in the SDK. */
export interface Expressions {
  ConditionExpression?: string | undefined;
  UpdateExpression?: string | undefined;
  KeyConditionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** A call's expressions, parsed. */
export interface Statement {
  condition: Test | undefined;
  update: Update | undefined;
  keyConditions: KeyCondition[] | undefined;
  /** Those that the expressions use, checked; others are refused. */
  valuesOf: (call: Expressions) => Item;
}

const NONE: Item = Object.freeze({});

/** Of the whole process: a simulation makes many tables, and gives the same few texts to all of them. */
const PARSED = new Map<string, Statement>();

export function statementOf(call: Expressions): Statement {
  const text = textOf(call);
  const known = PARSED.get(text);
  if (known) return known;
  const statement = parseStatement(call);
  PARSED.set(text, statement);
  return statement;
}

/** All that the meaning of a call's expressions depends on, apart from its values. */
function textOf({
  ConditionExpression = "",
  UpdateExpression = "",
  KeyConditionExpression = "",
  ExpressionAttributeNames,
}: Expressions): string {
  let text = `${UpdateExpression}\n?${ConditionExpression}\n?${KeyConditionExpression}`;
  for (const name in ExpressionAttributeNames) {
    text += `\n?${name}=${ExpressionAttributeNames[name] ?? ""}`;
  }
  return text;
}

function parseStatement(call: Expressions): Statement {
  const scope: Scope = {
    names: call.ExpressionAttributeNames ?? {},
    usedNames: new Set(),
    usedValues: new Set(),
    checks: [],
  };
  const update = parse(call.UpdateExpression, (tokens) => parseUpdate(tokens, scope));
  const condition = parse(call.ConditionExpression, (tokens) => parseCondition(tokens, scope));
  const keyConditions = parse(call.KeyConditionExpression, (tokens) =>
    parseKeyConditions(tokens, scope),
  );
  const unused = Object.keys(scope.names).find((name) => !scope.usedNames.has(name));
  if (unused !== undefined) {
    throw validationException(
      `Value provided in ExpressionAttributeNames unused in expressions: keys: {${unused}}`,
    );
  }
  const used = [...scope.usedValues];
  return { condition, update, keyConditions, valuesOf: (of) => checkedValues(of, used, scope) };
}

function parse<T>(text: string | undefined, read: (tokens: Tokens) => T): T | undefined {
  if (text === undefined) return undefined;
  const tokens = tokensOf(text);
  const parsed = read(tokens);
  if (tokens.next() !== "") throw tokens.refusal();
  return parsed;
}

function checkedValues(
  { ExpressionAttributeValues: given }: Expressions,
  used: string[],
  { usedValues, checks }: Scope,
): Item {
  if (!given && used.length === 0) return NONE;
  const values: Record<string, AttributeValue> = {};
  let count = 0;
  for (const name in given) {
    if (!usedValues.has(name)) {
      throw validationException(
        `Value provided in ExpressionAttributeValues unused in expressions: keys: {${name}}`,
      );
    }
    values[name] = stored(given[name], name);
    count += 1;
  }
  if (count !== used.length || count === 0) {
    const missing = used.find((name) => !values[name]) ?? "none is given";
    throw validationException(
      `An expression attribute value used in expression is not defined; attribute value: ${missing}`,
    );
  }
  for (const check of checks) check(values);
  return values;
}
