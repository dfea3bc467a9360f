import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validationException } from "./validation";

export type Item = Readonly<Record<string, AttributeValue>>;

const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * A frozen copy of a text or a number, which is all that this table stores. DynamoDB's numbers have 38
 * digits: those that a double does not print as they are written are refused.
 */
export function scalar(value: AttributeValue | undefined, what: string): AttributeValue {
  const types = Object.keys(value ?? {});
  if (types.length !== 1) throw validationException(`not a value of one datatype: ${what}`);
  if (value?.S !== undefined) return Object.freeze({ S: value.S });
  const N = value?.N;
  if (N === undefined) throw validationException(`this table stores no ${types[0]}: ${what}`);
  if (PLAIN_INTEGER.test(N)) return Object.freeze({ N });
  const number = Number(N);
  if (!Number.isFinite(number) || String(number) !== N || N.includes("e")) {
    throw validationException(`this table stores no number like ${N}: ${what}`);
  }
  return Object.freeze({ N });
}

export function isEqual(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && a.S === b.S && a.N === b.N;
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
    throw validationException("An operand in the update expression has an incorrect data type");
  }
  const result = Number(a.N) + sign * Number(b.N);
  // A sum of fractions would have other digits than DynamoDB's.
  if (![Number(a.N), Number(b.N), result].every(Number.isSafeInteger)) {
    throw validationException(`this table does not add ${a.N} and ${b.N}`);
  }
  return Object.freeze({ N: String(result) });
}
