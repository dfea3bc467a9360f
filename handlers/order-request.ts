import {
  array,
  define,
  dynamic,
  type Failure,
  optional,
  type Struct,
  type,
  validate,
} from "superstruct";
import { iJsonViolations, type Parsed, parseJson, type Violation, violationAt } from "./json";
import type { Json, OrderLine, OrderRequest } from "./order";

/**
 * Bytes of customerId, items and metadata as JSON. DynamoDB takes 400 KB an item: the rest is for what the
 * order gains on its way (what is kept of its steps, its history, status, times, totals, reason).
 */
export const MAX_ORDER_BYTES = 256 * 1024;
export const MAX_ITEMS = 100;
export const MAX_CUSTOMER_ID_LENGTH = 128;
export const MAX_QUANTITY = 1_000_000;
export const CUSTOMER_ID_RULE = `must be a string of 1 to ${MAX_CUSTOMER_ID_LENGTH} characters, not blank, without control characters`;
export const MAX_VIOLATIONS = 100;

// SNS refuses these in the message attribute that carries the customerId.
const UNPRINTABLE = /[\p{Cc}\uFFFE\uFFFF]/u;

/** An order from a request body, or every violation of it at once (the first 100). */
export function parseOrderRequest(body: string): Parsed<OrderRequest> {
  const json = parseJson(body);
  if (!json.ok) return json;

  const fields = orderFields();
  const [error, request] = validate(json.value, jsonObject<OrderRequest>(fields));
  const violations: Violation[] = error ? error.failures().map(toViolation) : [];
  violations.push(...unknownFields(json.value, Object.keys(fields)));
  // Where the body is no object, its fields have no violations of their own.
  const whole = violations.find(({ pointer }) => pointer === "");
  if (whole) return { ok: false, violations: [whole] };
  for (const violation of iJsonViolations(body)) {
    if (violations.length >= MAX_VIOLATIONS) break;
    violations.push(violation);
  }
  return request && violations.length === 0
    ? { ok: true, value: request }
    : { ok: false, violations: violations.slice(0, MAX_VIOLATIONS) };
}

export function storedBytes(request: OrderRequest): number {
  return Buffer.byteLength(JSON.stringify(request));
}

// Every struct here has a message of its own: superstruct's repeat the value, and throw where it cannot
// be made a text of, such as { "toString": 1 }.

function orderFields() {
  return {
    customerId: rule<string>(isCustomerId, CUSTOMER_ID_RULE),
    // With too many items their number is the only violation worth reporting.
    items: dynamic((value) => (isItemCount(value) ? array(orderLine()) : wrongItemCount())),
    metadata: optional(jsonObject<Record<string, Json>>({})),
  };
}

function unknownFields(value: unknown, known: string[]): Violation[] {
  return Object.keys(isObject(value) ? value : {})
    .filter((name) => !known.includes(name))
    .map((name) =>
      violationAt([name], "is not a field of an order: it takes customerId, items and metadata"),
    );
}

function orderLine(): Struct<OrderLine> {
  return jsonObject<OrderLine>({
    sku: optional(rule<string>(isFilled, "must be a non-blank string")),
    quantity: optional(rule<number>(isQuantity, `must be an integer from 1 to ${MAX_QUANTITY}`)),
    unitPrice: optional(rule<number>(isPrice, "must be a number of 0 or more")),
  });
}

/** The one cast: superstruct cannot say that an object has more fields of the customer's own. */
function jsonObject<T extends object>(fields: Parameters<typeof type>[0]): Struct<T> {
  const known = type(fields) as unknown as Struct<T>;
  const isNone = rule<T>(() => false, "must be a JSON object");
  return dynamic((value) => (isObject(value) ? known : isNone));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongItemCount(): Struct<OrderLine[]> {
  return rule(() => false, `must be an array of 1 to ${MAX_ITEMS} items`);
}

function rule<T>(test: (value: unknown) => boolean, detail: string): Struct<T, null> {
  return define<T>("rule", (value) => test(value) || detail);
}

function isItemCount(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 1 && value.length <= MAX_ITEMS;
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

export function isCustomerId(value: unknown): boolean {
  return (
    isFilled(value) &&
    Array.from(value).length <= MAX_CUSTOMER_ID_LENGTH &&
    !UNPRINTABLE.test(value)
  );
}

function isQuantity(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_QUANTITY;
}

function isPrice(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}

function toViolation({ path, value, message }: Failure): Violation {
  return violationAt(path.map(String), value === undefined ? `is required: ${message}` : message);
}
