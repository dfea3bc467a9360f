import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Tokens } from "./tokens";
import { validationException } from "./validation";
import type { Item } from "./values";

/** Gives an operand's value: `values` are those that the call gives. */
export type Read = (item: Item, values: Item) => AttributeValue | undefined;

export interface Operand {
  read: Read;
  /** Attribute, or name of the value. */
  name: string;
  isPath: boolean;
}

/** What the expressions of one call refer to. */
export interface Scope {
  /** Attribute by alias. */
  names: Readonly<Record<string, string>>;
  usedNames: Set<string>;
  usedValues: Set<string>;
  /** Each looks at the values before anything is evaluated, as DynamoDB does. */
  checks: ((values: Item) => void)[];
}

/** Also those that DynamoDB has beyond what this table understands. */
const KEYWORDS = ["AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE"];

/** An attribute at the top level, by its name or an alias; gives the attribute's name. */
export function parsePath(tokens: Tokens, scope: Scope): string {
  const token = tokens.next();
  const name = token.startsWith("#") ? nameOf(token, scope) : token;
  const isName = /^[a-z]\w*$/i.test(name) && !(name in Object.prototype);
  if (!isName || KEYWORDS.includes(token.toUpperCase())) throw tokens.refusal();
  return name;
}

function nameOf(alias: string, scope: Scope): string {
  const name = scope.names[alias];
  if (name === undefined) {
    throw validationException(
      `An expression attribute name used in the document path is not defined; attribute name: ${alias}`,
    );
  }
  scope.usedNames.add(alias);
  return name;
}

export function parseValue(tokens: Tokens, scope: Scope): string {
  const token = tokens.next();
  if (!token.startsWith(":")) throw tokens.refusal();
  scope.usedValues.add(token);
  return token;
}

export function parseOperand(tokens: Tokens, scope: Scope): Operand {
  if (tokens.peek().startsWith(":")) {
    const name = parseValue(tokens, scope);
    return { name, isPath: false, read: (_item, values) => values[name] };
  }
  const name = parsePath(tokens, scope);
  return { name, isPath: true, read: (item) => item[name] };
}

/** Refuses values of other types, whether or not the expression gets as far as to use them. */
export function checkType(
  { name, isPath }: Operand,
  types: readonly ("S" | "N" | "L")[],
  where: string,
  scope: Scope,
) {
  if (isPath) return;
  scope.checks.push((values) => {
    if (types.some((type) => values[name]?.[type] !== undefined)) return;
    throw validationException(
      `Incorrect operand type for operator or function; operator or function: ${where}, operand: ${name}`,
    );
  });
}
