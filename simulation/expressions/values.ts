import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validationException } from "./validation";

export type Item = Readonly<Record<string, AttributeValue>>;

const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * A frozen copy of a text, a number, a boolean or a list of these, which is all that this table stores.
 * DynamoDB's numbers have 38 digits: those that a double does not print as they are written are refused.
 */
export function stored(value: AttributeValue | undefined, what: string): AttributeValue {
  const types = Object.keys(value ?? {});
  if (types.length !== 1) throw validationException(`not a value of one datatype: ${what}`);
  if (value?.S !== undefined) return Object.freeze({ S: value.S });
  if (value?.N !== undefined) return storedNumber(value.N, what);
  if (value?.BOOL !== undefined) return Object.freeze({ BOOL: value.BOOL });
  if (value?.L !== undefined) return list(value.L.map((each) => stored(each, what)));
  throw validationException(`this table stores no ${types[0]}: ${what}`);
}

function storedNumber(N: string, what: string): AttributeValue {
  if (PLAIN_INTEGER.test(N)) return Object.freeze({ N });
  const number = Number(N);
  if (!Number.isFinite(number) || String(number) !== N || N.includes("e")) {
    throw validationException(`this table stores no number like ${N}: ${what}`);
  }
  return Object.freeze({ N });
}

/** Of values that are frozen. */
function list(values: AttributeValue[]): AttributeValue {
  return Object.freeze({ L: Object.freeze(values) as AttributeValue[] });
}

export function isEqual(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.L === undefined || b.L === undefined) {
    return a.S === b.S && a.N === b.N && a.BOOL === b.BOOL && a.L === b.L;
  }
  const { L: others } = b;
  return a.L.length === others.length && a.L.every((each, i) => isEqual(each, others[i]));
}

/** How many values a list has; undefined where there is none. */
export function size(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  if (value.L === undefined) throw validationException("this table knows the size of lists only");
  return Object.freeze({ N: String(value.L.length) });
}

export function appended(a: AttributeValue, b: AttributeValue): AttributeValue {
  if (a.L === undefined || b.L === undefined) throw incorrectType();
  return list([...a.L, ...b.L]);
}

/** Below, at or above 0; undefined where there is no order: other types, or no value. */
export function order(
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
): number | undefined {
  if (a?.N !== undefined) return b?.N === undefined ? undefined : Number(a.N) - Number(b.N);
  if (a?.S === undefined || b?.S === undefined) return undefined;
  // By their bytes, where JavaScript has the order of UTF-16.
  return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
}

export function sum(a: AttributeValue, b: AttributeValue, sign: 1 | -1): AttributeValue {
  if (a.N === undefined || b.N === undefined) {
    throw incorrectType();
  }
  const result = Number(a.N) + sign * Number(b.N);
  // A sum of fractions would have other digits than DynamoDB's.
  if (![Number(a.N), Number(b.N), result].every(Number.isSafeInteger)) {
    throw validationException(`this table does not add ${a.N} and ${b.N}`);
  }
  return Object.freeze({ N: String(result) });
}

function incorrectType(): Error {
  return validationException("An operand in the update expression has an incorrect data type");
}
