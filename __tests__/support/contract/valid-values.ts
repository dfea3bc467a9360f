import fc from "fast-check";
import type { Schema } from "./document";

/** Where JSON Schema sets no limit, I-JSON does. */
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/** Code points that no rule refuses: no control characters, surrogates, U+FFFD, U+FFFE and U+FFFF. */
const character = fc
  .oneof(
    fc.constantFrom(" ", "/", "~", '"', "\\", "<", "é", "\u2028", "🍵"),
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0xa0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xfffc }),
    fc.integer({ min: 0x1_0000, max: 0x10_ffff }),
  )
  .map((each) => (typeof each === "string" ? each : String.fromCodePoint(each)));

const ownName = fc.string({ unit: character, maxLength: 12 });

/** A field that the schema leaves to the client. */
const ownValue = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0.5, -7, "", [], {}, [[null, { a: [{}] }]], { toString: 1 }),
  ownName,
);

/** Values that a schema allows, at its limits too. `complete`: with all optional properties, and no long arrays. */
export function validValue(schema: Schema, complete = false): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "object":
      return validObject(schema, complete);
    case "array":
      return validArray(schema, complete);
    case "string":
      return validText(schema);
    case "integer":
      return atLimitsOr(schema, (limits) => fc.integer(limits));
    case "number":
      return atLimitsOr(schema, (limits) => fc.double({ ...limits, noNaN: true }));
    case "boolean":
    case undefined:
    default:
      throw new Error(`no values are made of the type ${String(schema.type)}`);
  }
}

function validObject(schema: Schema, complete: boolean): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, validValue(each, complete)]),
  );
  const known = fc.record(fields, complete ? {} : { requiredKeys: required });
  if (additionalProperties !== true) return known;
  const isOwn = (name: string) => name !== "__proto__" && !(name in properties);
  const own = fc.dictionary(ownName.filter(isOwn), ownValue, { maxKeys: 3 });
  return fc.tuple(own, known).map(([others, each]) => ({ ...others, ...(each as object) }));
}

function validArray({ items = {}, ...schema }: Schema, complete: boolean): fc.Arbitrary<unknown> {
  const { minItems: minLength = 0, maxItems: maxLength = 3 } = schema;
  const each = validValue(items, complete);
  const some = fc.array(each, { minLength, maxLength, size: "small" });
  if (complete) return some;
  const full = fc.array(each, { minLength: maxLength, maxLength });
  const least = fc.array(each, { minLength, maxLength: minLength });
  return fc.oneof({ weight: 18, arbitrary: some }, { weight: 1, arbitrary: full }, least);
}

function validText(schema: Schema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 200, pattern = "" } = schema;
  const ofLength = (from: number, to: number) =>
    fc.string({ unit: character, minLength: from, maxLength: to });
  const some = fc.oneof(
    ofLength(minLength, maxLength),
    ofLength(minLength, minLength),
    ofLength(maxLength, maxLength),
  );
  const allowed = new RegExp(pattern, "u");
  return some.filter((text) => allowed.test(text));
}

function atLimitsOr(
  { minimum: min = -MAX_NUMBER, maximum: max = MAX_NUMBER }: Schema,
  between: (limits: { min: number; max: number }) => fc.Arbitrary<number>,
): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(min, max), between({ min, max }));
}
