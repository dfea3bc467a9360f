import { is, type Struct } from "superstruct";
import { isNumber, stringOf, tokenEnd } from "./json-tokens";

/** A part of the request body that was refused. `pointer` is an RFC 6901 JSON Pointer. */
export interface Violation {
  pointer: string;
  detail: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; violations: Violation[] };

export const MAX_DEPTH = 32;
/** Of all objects together: what walks them makes something of each name. */
export const MAX_NAMES = 10_000;

/** Of the doubles that have all 53 bits. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** API Gateway puts it in the place of bytes that are not UTF-8, before a handler sees the body. */
const REPLACEMENT = "\ufffd";
const REPLACES = "which stands in the place of bytes that are not UTF-8";

/** JSON text, no deeper and no wider than what may safely be walked by recursion. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    const excess = excessOf(text);
    return excess === undefined ? { ok: true, value } : badJson(excess);
  } catch {
    // V8's message quotes the input, which may be personal data.
    return badJson("is not valid JSON");
  }
}

function badJson(detail: string): Parsed<unknown> {
  return { ok: false, violations: [{ pointer: "", detail }] };
}

/** Measured on the text: the value lacks what stands under a name that is given again. */
function excessOf(text: string): string | undefined {
  let depth = 0;
  let names = 0;
  for (let start = 0; start < text.length; start = tokenEnd(text, start)) {
    const first = text.charAt(start);
    if (first === "{" || first === "[") depth += 1;
    else if (first === "}" || first === "]") depth -= 1;
    else if (first === ":") names += 1;
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
    if (names > MAX_NAMES) return `has more than ${MAX_NAMES} names in its objects`;
  }
  return undefined;
}

/**
 * Whether a value is what a struct describes. Superstruct's `is` throws where it cannot make a text of
 * the value that it refuses, such as { "toString": 1 }.
 */
export function matches<T>(value: unknown, struct: Struct<T>): value is T {
  try {
    return is(value, struct);
  } catch {
    return false;
  }
}

/** An object or array that has not ended yet. */
interface Level {
  /** How often each name was given; undefined in an array. */
  names?: Map<string, number>;
  /** Index or name of the value at hand; undefined where a name comes next. */
  at: number | string | undefined;
}

/**
 * What JSON allows but cannot be kept and given back unchanged (RFC 7493, I-JSON), or is an attack.
 * Takes a text that parseJson accepts, in linear time.
 */
export function* iJsonViolations(text: string): Generator<Violation> {
  const levels: Level[] = [];
  let start = 0;
  while (start < text.length) {
    const end = tokenEnd(text, start);
    const detail = detailOf(text.slice(start, end), levels);
    if (detail !== undefined) yield violationAt(pathOf(levels), detail);
    start = end;
  }
}

function pathOf(levels: Level[]): string[] {
  return levels.map(({ at }) => String(at));
}

/** What is wrong with the next token. Moves `levels` to its place. */
function detailOf(token: string, levels: Level[]): string | undefined {
  const level = levels[levels.length - 1];
  if (token.startsWith('"')) {
    const text = stringOf(token);
    if (!level?.names || level.at !== undefined) return stringDetail(text);
    level.at = text;
    return nameDetail(text, level.names);
  }
  if (isNumber(token)) return numberDetail(token);
  if (token === "{") levels.push({ names: new Map(), at: undefined });
  if (token === "[") levels.push({ at: 0 });
  if (token === "}" || token === "]") levels.pop();
  if (token === "," && level) level.at = typeof level.at === "number" ? level.at + 1 : undefined;
  return undefined;
}

function nameDetail(name: string, names: Map<string, number>): string | undefined {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  if (count === 2) return "is given more than once";
  if (count > 2) return undefined;
  if (name === "__proto__") return "is not allowed as a name";
  if (name.includes(REPLACEMENT)) return `has a name with U+FFFD, ${REPLACES}`;
  return name.isWellFormed() ? undefined : "has a name with a lone surrogate";
}

function stringDetail(text: string): string | undefined {
  if (text.includes(REPLACEMENT)) return `contains U+FFFD, ${REPLACES}`;
  return text.isWellFormed() ? undefined : "has a lone surrogate: it is not valid Unicode";
}

function numberDetail(literal: string): string | undefined {
  const value = Number(literal);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    return "is a number beyond ±9007199254740991, which cannot be kept exactly";
  if (Math.abs(value) < SMALLEST_NORMAL && !isKeptNearZero(literal, value))
    return "is a number too close to 0 to be kept exactly";
  return Object.is(value, -0) ? "is -0, which would come back as 0" : undefined;
}

/** Down here a double has fewer digits the smaller it is, and at last none. */
function isKeptNearZero(literal: string, value: number): boolean {
  if (value === 0) return !/^[-0.]*[1-9]/.test(literal);
  return lifted(literal) === lifted(String(value));
}

/** The number times 10^300, where a double has all its digits. */
function lifted(literal: string): number {
  const [digits = "", exponent = "0"] = literal.toLowerCase().split("e");
  return Number(`${digits}e${Number(exponent) + 300}`);
}

/** Long names are cut, so that a response stays small whatever was sent. */
export function violationAt(path: readonly string[], detail: string): Violation {
  const pointer = path
    .map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("")
    .toWellFormed();
  return { pointer: pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer, detail };
}
