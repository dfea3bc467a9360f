/** Of one period, by id; undefined where there is no data point. */
export type ValueOf = (id: string) => number | undefined;

/** A parsed expression. `metricIds`: what METRICS() stands for. */
export type Expression = (valueOf: ValueOf, metricIds: readonly string[]) => number | undefined;

/** Several at once, as SUM takes them. */
type List = (...args: Parameters<Expression>) => readonly (number | undefined)[];

const TOKENS = /\d+(?:\.\d+)?|[A-Za-z]\w*|\S/g;

/**
 * Of CloudWatch's metric math what the laptop knows: numbers, ids, + - * / ( ), FILL(m, number),
 * SUM([m1, m2]) and SUM(METRICS()). Throws a sentence that names anything else. Arithmetic with a missing data
 * point has none either, and neither has a division by zero; SUM adds up those that there are.
 */
export function parseExpression(text: string): Expression {
  const parser = makeParser(text);
  const expression = sum(parser);
  parser.end();
  return expression;
}

interface Parser {
  /** Takes the next token if it is one of these. */
  take(...tokens: string[]): string | undefined;
  takeIf(pattern: RegExp): string | undefined;
  expect(token: string): void;
  end(): void;
  fail(): never;
}

function makeParser(text: string): Parser {
  const tokens: string[] = text.match(TOKENS) ?? [];
  const takeWhen = (test: (token: string) => boolean) =>
    tokens[0] !== undefined && test(tokens[0]) ? tokens.shift() : undefined;
  const fail = () => {
    const what = tokens[0] ?? "the end";
    throw new Error(`the laptop does not know the expression ${text}: it fails at ${what}`);
  };
  return {
    take: (...wanted) => takeWhen((token) => wanted.includes(token)),
    takeIf: (pattern) => takeWhen((token) => pattern.test(token)),
    expect(token) {
      if (takeWhen((each) => each === token) === undefined) fail();
    },
    end() {
      if (tokens.length > 0) fail();
    },
    fail,
  };
}

const OPERATIONS: Record<string, (one: number, other: number) => number> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "/": (one, other) => one / other,
};

function sum(parser: Parser): Expression {
  return operations(parser, ["+", "-"], product);
}

function product(parser: Parser): Expression {
  return operations(parser, ["*", "/"], negated);
}

/** Operands with operators between them, from left to right. */
function operations(
  parser: Parser,
  operators: string[],
  operand: (parser: Parser) => Expression,
): Expression {
  let left = operand(parser);
  for (;;) {
    const operate = OPERATIONS[parser.take(...operators) ?? ""];
    if (!operate) return left;
    left = operated(operate, left, operand(parser));
  }
}

function operated(
  operate: (one: number, other: number) => number,
  left: Expression,
  right: Expression,
): Expression {
  return (...args) => {
    const [one, other] = [left(...args), right(...args)];
    if (one === undefined || other === undefined) return undefined;
    const result = operate(one, other);
    return Number.isFinite(result) ? result : undefined;
  };
}

function negated(parser: Parser): Expression {
  return parser.take("-") === undefined
    ? primary(parser)
    : operated(
        (zero, value) => zero - value,
        () => 0,
        negated(parser),
      );
}

function primary(parser: Parser): Expression {
  if (parser.take("(") !== undefined) return closed(parser, sum(parser));
  const number = parser.takeIf(/^\d/);
  if (number !== undefined) return () => Number(number);
  // As CloudWatch has it: ids begin in lower case, functions are in upper case.
  const id = parser.takeIf(/^[a-z]/);
  if (id !== undefined) return (valueOf) => valueOf(id);
  if (parser.take("FILL") !== undefined) return fill(parser);
  if (parser.take("SUM") !== undefined) return sumOfList(parser);
  return parser.fail();
}

function closed<T>(parser: Parser, inner: T): T {
  parser.expect(")");
  return inner;
}

function fill(parser: Parser): Expression {
  parser.expect("(");
  const filled = sum(parser);
  parser.expect(",");
  const sign = parser.take("-") === undefined ? 1 : -1;
  const value = parser.takeIf(/^\d/) ?? parser.fail();
  return closed(parser, (...args) => filled(...args) ?? sign * Number(value));
}

function sumOfList(parser: Parser): Expression {
  parser.expect("(");
  const list = closed(parser, parser.take("METRICS") === undefined ? listed(parser) : all(parser));
  return (...args) => {
    const values = list(...args).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values.reduce((one, other) => one + other, 0);
  };
}

function listed(parser: Parser): List {
  parser.expect("[");
  const items = [sum(parser)];
  while (parser.take(",") !== undefined) items.push(sum(parser));
  parser.expect("]");
  return (...args) => items.map((item) => item(...args));
}

function all(parser: Parser): List {
  parser.expect("(");
  return closed(parser, (valueOf, metricIds) => metricIds.map(valueOf));
}
