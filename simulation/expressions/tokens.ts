import { validationException } from "./validation";

/** What an expression consists of, read from left to right. */
export interface Tokens {
  /** "" at the end. */
  peek(): string;
  next(): string;
  /** Takes a keyword, in any case, or a sign, if it comes next. */
  take(token: string): boolean;
  expect(token: string): void;
  /** How many have been read. */
  position(): number;
  /** For what is not understood at the token read last. */
  refusal(): Error;
}

const TOKEN = /\s*([#:]?\w+|<>|<=|>=|[=<>(),+-])/y;

export function tokensOf(text: string): Tokens {
  const tokens = split(text);
  let position = 0;
  const peek = () => tokens[position] ?? "";
  const next = () => {
    const token = peek();
    position += 1;
    return token;
  };
  const refusal = () =>
    validationException(
      `Invalid expression: not understood near "${tokens[position - 1] ?? ""}": ${text}`,
    );
  return {
    peek,
    next,
    take(token) {
      if (peek().toUpperCase() !== token) return false;
      next();
      return true;
    },
    expect(token) {
      if (next().toUpperCase() !== token) throw refusal();
    },
    position: () => position,
    refusal,
  };
}

function split(text: string): string[] {
  const trimmed = text.trim();
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  for (let at = 0; at < trimmed.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const token = pattern.exec(trimmed)?.[1];
    if (token === undefined) throw validationException(`Invalid expression: syntax error: ${text}`);
    tokens.push(token);
  }
  return tokens;
}
