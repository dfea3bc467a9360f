import { createHash } from "node:crypto";
import type { Parsed } from "./json";
import type { Json, OrderRequest } from "./order";

export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{16,128}$/;

/** The key among the values of the header; undefined without one. */
export function parseIdempotencyKey(values: string[]): Parsed<string | undefined> {
  const [key, ...others] = new Set(values);
  if (key === undefined) return { ok: true, value: undefined };
  return IDEMPOTENCY_KEY.test(key) && others.length === 0
    ? { ok: true, value: key }
    : { ok: false, violations: [] };
}

/**
 * The order that a customer's idempotency key stands for: a UUID (version 8, RFC 9562) made of the
 * SHA-256 of both, so that a repeated request meets the first one at the same primary key.
 */
export function orderIdFor(customerId: string, idempotencyKey: string): string {
  const hash = sha256(JSON.stringify([customerId, idempotencyKey]));
  const variant = "89ab".charAt(parseInt(hash.charAt(16), 16) % 4);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join("-");
}

/** SHA-256 of the request, blind to the order of keys in its objects. */
export function fingerprintOf(request: OrderRequest): string {
  return sha256(JSON.stringify(request, sortKeys));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sortKeys(_key: string, value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
