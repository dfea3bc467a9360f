import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { checkType, type Operand, parseOperand, parsePath, type Scope } from "./operands";
import type { Tokens } from "./tokens";
import { validationException } from "./validation";
import { appended, type Item, sum } from "./values";

export interface Update {
  /** The attributes that it sets or removes. */
  written: string[];
  /** Gives the item as it is afterwards. Everything that is read is read from the item before. */
  apply(item: Item, values: Item): Item;
}

type Compute = (item: Item, values: Item) => AttributeValue;

/** SET and REMOVE, each at most once. */
export function parseUpdate(tokens: Tokens, scope: Scope): Update {
  const sets: { name: string; compute: Compute }[] = [];
  const removes: string[] = [];
  const clauses = new Set<string>();
  do {
    const clause = tokens.next().toUpperCase();
    if (clauses.has(clause)) {
      throw validationException(`The "${clause}" section can only be used once`);
    }
    clauses.add(clause);
    if (clause === "SET") {
      do sets.push(parseAssignment(tokens, scope));
      while (tokens.take(","));
    } else if (clause === "REMOVE") {
      do removes.push(parsePath(tokens, scope));
      while (tokens.take(","));
    } else throw tokens.refusal();
  } while (tokens.peek() !== "");

  const written = [...sets.map(({ name }) => name), ...removes];
  const twice = written.find((name, i) => written.indexOf(name) !== i);
  if (twice !== undefined) {
    throw validationException(`Two document paths overlap with each other: [${twice}]`);
  }
  return {
    written,
    apply(item, values) {
      const next = without(item, removes);
      for (const { name, compute } of sets) next[name] = compute(item, values);
      return Object.freeze(next);
    },
  };
}

/** `delete` would make every later copy of the item slow. */
function without(item: Item, removes: string[]): Record<string, AttributeValue> {
  if (!removes.some((name) => item[name] !== undefined)) return { ...item };
  const rest: Record<string, AttributeValue> = {};
  for (const name in item) {
    const value = item[name];
    if (value && !removes.includes(name)) rest[name] = value;
  }
  return rest;
}

function parseAssignment(tokens: Tokens, scope: Scope) {
  const name = parsePath(tokens, scope);
  tokens.expect("=");
  const left = parseTerm(tokens, scope);
  const sign = tokens.take("+") ? 1 : tokens.take("-") ? -1 : undefined;
  if (sign === undefined) return { name, compute: left.compute };
  const right = parseTerm(tokens, scope);
  for (const { operand } of [left, right]) {
    if (operand) checkType(operand, ["N"], sign === 1 ? "+" : "-", scope);
  }
  const compute: Compute = (item, values) =>
    sum(left.compute(item, values), right.compute(item, values), sign);
  return { name, compute };
}

function parseTerm(tokens: Tokens, scope: Scope): { compute: Compute; operand?: Operand } {
  if (tokens.peek() === "if_not_exists") return { compute: parseIfNotExists(tokens, scope) };
  if (tokens.peek() === "list_append") return { compute: parseListAppend(tokens, scope) };
  const operand = parseOperand(tokens, scope);
  return { operand, compute: (item, values) => found(operand.read(item, values)) };
}

function parseIfNotExists(tokens: Tokens, scope: Scope): Compute {
  tokens.next();
  tokens.expect("(");
  const name = parsePath(tokens, scope);
  tokens.expect(",");
  const otherwise = parseTerm(tokens, scope).compute;
  tokens.expect(")");
  return (item, values) => item[name] ?? otherwise(item, values);
}

function parseListAppend(tokens: Tokens, scope: Scope): Compute {
  tokens.next();
  tokens.expect("(");
  const first = parseTerm(tokens, scope);
  tokens.expect(",");
  const second = parseTerm(tokens, scope);
  tokens.expect(")");
  for (const { operand } of [first, second]) {
    if (operand) checkType(operand, ["L"], "list_append", scope);
  }
  return (item, values) => appended(first.compute(item, values), second.compute(item, values));
}

function found(value: AttributeValue | undefined): AttributeValue {
  if (value) return value;
  throw validationException(
    "The provided expression refers to an attribute that does not exist in the item",
  );
}
