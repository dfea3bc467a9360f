import { checkType, type Operand, parseOperand, parsePath, type Scope } from "./operands";
import type { Tokens } from "./tokens";
import { validationException } from "./validation";
import { isEqual, type Item, order, size } from "./values";

export type Test = (item: Item, values: Item) => boolean;

/** By what `order` gives of both sides; without an order there is no relation. */
const RELATIONS: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** A condition, with DynamoDB's precedence: comparisons, NOT, AND, OR. */
export function parseCondition(tokens: Tokens, scope: Scope): Test {
  /** The group closed last, by where its parentheses stand. */
  let group = { from: -1, to: -1 };

  const any = (): Test => {
    const first = all();
    if (!tokens.take("OR")) return first;
    const others = any();
    return (item, values) => first(item, values) || others(item, values);
  };
  const all = (): Test => {
    const first = not();
    if (!tokens.take("AND")) return first;
    const others = all();
    return (item, values) => first(item, values) && others(item, values);
  };
  const not = (): Test => {
    if (!tokens.take("NOT")) return oneTest();
    const test = oneTest();
    return (item, values) => !test(item, values);
  };
  const oneTest = () => (tokens.peek() === "(" ? inParentheses() : parseTest(tokens, scope));
  const inParentheses = (): Test => {
    const from = tokens.position();
    tokens.expect("(");
    const test = any();
    const to = tokens.position();
    tokens.expect(")");
    if (group.from === from + 1 && group.to === to - 1) {
      throw validationException("The expression has redundant parentheses");
    }
    group = { from, to };
    return test;
  };

  return any();
}

function parseTest(tokens: Tokens, scope: Scope): Test {
  switch (tokens.peek()) {
    case "attribute_exists": {
      const name = parseArgument(tokens, scope);
      return (item) => item[name] !== undefined;
    }
    case "attribute_not_exists": {
      const name = parseArgument(tokens, scope);
      return (item) => item[name] === undefined;
    }
    case "begins_with":
      return parseBeginsWith(tokens, scope);
    default:
      return parseComparison(tokens, scope, parseMeasured(tokens, scope)).test;
  }
}

function parseArgument(tokens: Tokens, scope: Scope): string {
  tokens.next();
  tokens.expect("(");
  const name = parsePath(tokens, scope);
  tokens.expect(")");
  return name;
}

function parseBeginsWith(tokens: Tokens, scope: Scope): Test {
  tokens.next();
  tokens.expect("(");
  const text = parsePath(tokens, scope);
  tokens.expect(",");
  const start = parseOperand(tokens, scope);
  tokens.expect(")");
  checkType(start, ["S"], "begins_with", scope);
  return (item, values) => {
    const prefix = start.read(item, values)?.S;
    return prefix !== undefined && item[text]?.S?.startsWith(prefix) === true;
  };
}

/** The rest of a comparison, after its first operand. */
export function parseComparison(
  tokens: Tokens,
  scope: Scope,
  left: Operand,
): { operator: string; test: Test; others: Operand[] } {
  const operator = tokens.next().toUpperCase();
  const operand = () => parseOther(tokens, scope, left);
  const a = left.read;
  switch (operator) {
    case "=":
    case "<>": {
      const right = operand();
      const isWanted = operator === "=";
      // As in DynamoDB, what is not there differs from everything.
      const test: Test = (item, values) =>
        isEqual(a(item, values), right.read(item, values)) === isWanted;
      return { operator, test, others: [right] };
    }
    case "IN": {
      const others = parseList(tokens, operand);
      const test: Test = (item, values) => {
        const value = a(item, values);
        return others.some((other) => isEqual(value, other.read(item, values)));
      };
      return { operator, test, others };
    }
    case "BETWEEN": {
      const from = operand();
      tokens.expect("AND");
      const to = operand();
      checkOrder([left, from, to], operator, scope);
      checkRange(from, to, scope);
      const test: Test = (item, values) => {
        const value = a(item, values);
        const [above, below] = [from, to].map((end) => order(value, end.read(item, values)));
        return above !== undefined && below !== undefined && above >= 0 && below <= 0;
      };
      return { operator, test, others: [from, to] };
    }
    default: {
      const holds = RELATIONS[operator];
      if (!holds) throw tokens.refusal();
      const right = operand();
      checkOrder([left, right], operator, scope);
      const test: Test = (item, values) => {
        const found = order(a(item, values), right.read(item, values));
        return found !== undefined && holds(found);
      };
      return { operator, test, others: [right] };
    }
  }
}

/** An operand, or how many values a list has. */
function parseMeasured(tokens: Tokens, scope: Scope): Operand {
  if (tokens.peek() !== "size") return parseOperand(tokens, scope);
  const name = parseArgument(tokens, scope);
  return { name: `size(${name})`, isPath: true, read: (item) => size(item[name]) };
}

/** What has an order: no booleans, no lists. */
function checkOrder(operands: Operand[], operator: string, scope: Scope): void {
  for (const operand of operands) checkType(operand, ["S", "N"], operator, scope);
}

function parseOther(tokens: Tokens, scope: Scope, left: Operand): Operand {
  const other = parseMeasured(tokens, scope);
  if (other.isPath && left.isPath && other.name === left.name) {
    throw validationException(
      `The first operand must be distinct from the remaining operands; operand: [${left.name}]`,
    );
  }
  return other;
}

function parseList(tokens: Tokens, operand: () => Operand): Operand[] {
  tokens.expect("(");
  const others = [operand()];
  while (tokens.take(",")) others.push(operand());
  tokens.expect(")");
  if (others.length > 100) throw validationException("IN has more than 100 operands");
  return others;
}

function checkRange(from: Operand, to: Operand, scope: Scope): void {
  if (from.isPath || to.isPath) return;
  scope.checks.push((values) => {
    const distance = order(values[from.name], values[to.name]);
    if (distance !== undefined && distance <= 0) return;
    throw validationException(
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound",
    );
  });
}
