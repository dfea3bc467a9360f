import { is, type Struct } from "superstruct";

/** A part of the request body that was refused. `pointer` is an RFC 6901 JSON Pointer. */
export interface Fault {
  pointer: string;
  detail: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

export const MAX_DEPTH = 32;
/** Of all objects together: what walks them makes something of each name. */
export const MAX_NAMES = 10_000;

/** JSON text, no deeper and no wider than what may safely be walked by recursion. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (isDeeper(value, MAX_DEPTH)) return badJson(`is nested deeper than ${MAX_DEPTH} levels`);
    if (countNames(value) > MAX_NAMES)
      return badJson(`has more than ${MAX_NAMES} names in its objects`);
    return { ok: true, value };
  } catch {
    // V8's message quotes the input, which may be personal data.
    return badJson("is not valid JSON");
  }
}

function badJson(detail: string): Parsed<unknown> {
  return { ok: false, faults: [{ pointer: "", detail }] };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}

function countNames(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((count, child) => count + countNames(child), own);
}

/**
 * Whether a value is what a struct describes. Superstruct's `is` throws where it cannot make a text of
 * the value that it refuses, such as { "toString": 1 }.
 */
export function isOf<T>(value: unknown, struct: Struct<T>): value is T {
  try {
    return is(value, struct);
  } catch {
    return false;
  }
}

/**
 * What JSON allows but cannot be kept and given back unchanged (RFC 7493, I-JSON), or is an attack.
 */
export function* jsonFaults(value: unknown, path: string[] = []): Generator<Fault> {
  if (typeof value === "string") {
    if (!value.isWellFormed()) yield faultAt(path, "has a lone surrogate: it is not valid Unicode");
  } else if (typeof value === "number") {
    if (!isExact(value)) {
      yield faultAt(path, "is a number beyond ±9007199254740991, which cannot be kept exactly");
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      yield* keyFaults(key, [...path, key]);
      yield* jsonFaults(child, [...path, key]);
    }
  }
}

function* keyFaults(key: string, path: string[]): Generator<Fault> {
  if (key === "__proto__") yield faultAt(path, "is not allowed as a name");
  if (!key.isWellFormed()) yield faultAt(path, "has a name with a lone surrogate");
}

function isExact(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}

/** Long names are cut, so that an answer stays small whatever was sent. */
export function faultAt(path: readonly string[], detail: string): Fault {
  const pointer = path
    .map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("")
    .toWellFormed();
  return { pointer: pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer, detail };
}
