import { is } from "superstruct";
import { jsonObject } from "../json-object";

export type FilterPattern =
  | { ok: true; matches: (message: string) => boolean }
  /** A sentence. */
  | { ok: false; problem: string };

const COMPARISON = /^\s*\$((?:\.[\w-]+)+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w.:/-]+))\s*$/;
const TERM = /"([^"]*)"|(\w+)/g;

/**
 * A filter pattern of CloudWatch Logs, as far as the laptop knows them: `{ $.field = value && … }` with texts and
 * numbers, or terms such as `"order failed"`, all of which a message contains. Empty, it matches everything.
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  const text = pattern.trim();
  const inBraces = /^\{(.*)\}$/s.exec(text)?.[1];
  const tests = inBraces === undefined ? termsIn(text) : inBraces.split("&&").map(parseComparison);
  const known = tests.filter((test) => test !== undefined);
  if (known.length < tests.length) {
    const problem = `the laptop knows filter patterns such as { $.orderId = "…" && $.attempt = 2 } and "text", not ${text}`;
    return { ok: false, problem };
  }
  if (inBraces === undefined) return { ok: true, matches: all(known) };
  const matches = all(known);
  return { ok: true, matches: (message) => message.startsWith("{") && matches(message) };
}

type Test = (message: string) => boolean;

function all(tests: Test[]): Test {
  return (message) => tests.every((test) => test(message));
}

function termsIn(text: string): (Test | undefined)[] {
  const rest = text.replaceAll(TERM, "").trim();
  if (rest !== "") return [undefined];
  return [...text.matchAll(TERM)].map(
    ([, quoted, word = ""]) =>
      (message) =>
        message.includes(quoted ?? word),
  );
}

/** Numbers match numbers only, and texts match texts. `*` would be a wildcard. */
function parseComparison(text: string): Test | undefined {
  const [, path = "", quoted, bare = ""] = COMPARISON.exec(text) ?? [];
  if (path === "" || quoted?.includes("*") === true) return undefined;
  const number = Number(bare);
  const expected =
    quoted === undefined && !Number.isNaN(number)
      ? number
      : (quoted?.replaceAll(/\\(.)/g, "$1") ?? bare);
  return (message) => fieldOf(message, path.slice(1)) === expected;
}

/** `path`: such as `error.name`. Undefined where the message is no JSON object, or has no such field. */
export function fieldOf(message: string, path: string): unknown {
  let value = parse(message);
  for (const name of path.split(".")) {
    value = is(value, jsonObject) ? value[name] : undefined;
  }
  return value;
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return undefined;
  }
}
