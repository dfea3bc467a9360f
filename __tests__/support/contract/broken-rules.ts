import fc from "fast-check";
import type { Schema } from "./document";

/** One thing that a schema demands of a value, or of a part of it. */
export interface Rule {
  /** Names of properties; "*" for each item of an array. */
  path: string[];
  keyword: string;
  /** Another value in the place of one that keeps the rule, and where it is wrong, seen from there. */
  broken: (value: unknown) => fc.Arbitrary<{ value: unknown; at: string[] }>;
}

type Broken = Rule["broken"];

/** Of these nothing can be broken: the first three lead to rules of their own. */
const NO_RULES = ["items", "properties", "additionalProperties", "description", "examples"];

/** Every rule of a schema. Throws at a keyword that it does not know. */
export function rulesOf(schema: Schema, path: string[] = []): Rule[] {
  const { properties = {}, items } = schema;
  return [
    ...ownRules(schema).map(([keyword, broken]) => ({ path, keyword, broken })),
    ...Object.entries(properties).flatMap(([name, each]) => rulesOf(each, [...path, name])),
    ...(items ? rulesOf(items, [...path, "*"]) : []),
  ];
}

function ownRules(schema: Schema): [string, Broken][] {
  const keywords = Object.keys(schema).filter((keyword) => !NO_RULES.includes(keyword));
  const rules = keywords.flatMap((keyword): [string, Broken][] =>
    keyword === "required"
      ? (schema.required ?? []).map((name) => [`required ${name}`, without(name)])
      : [[keyword, () => wrongValues(schema, keyword).map((value) => ({ value, at: [] }))]],
  );
  const { additionalProperties, properties = {} } = schema;
  return additionalProperties === false
    ? [...rules, ["additionalProperties", withAnother(Object.keys(properties))]]
    : rules;
}

function wrongValues(schema: Schema, keyword: string): fc.Arbitrary<unknown> {
  const { minimum = 0, maximum = 0, maxLength = 0, maxItems = 0 } = schema;
  switch (keyword) {
    case "type":
      return fc.constantFrom(...ANYTHING.filter((value) => !hasType(value, schema.type)));
    case "minimum":
      return fc.integer({ min: minimum - 1_000_000, max: minimum - 1 });
    case "maximum":
      return fc.integer({ min: maximum + 1, max: maximum + 1_000_000 });
    case "minLength":
      return fc.constant("");
    case "maxLength":
      return fc.string({
        unit: fc.constantFrom("a", "🍵"),
        minLength: maxLength + 1,
        maxLength: 999,
      });
    case "pattern":
      return notMatching(schema.pattern ?? "");
    case "minItems":
      return fc.constant([]);
    case "maxItems":
      return fc.array(fc.constant({}), { minLength: maxItems + 1, maxLength: maxItems + 9 });
    case "enum":
      return fc.string().filter((text) => schema.enum?.includes(text) === false);
    default:
      throw new Error(`nothing is known that would break ${keyword}`);
  }
}

const ANYTHING: unknown[] = [null, true, 7, 1.5, -1, "7", "text", [], [{}], {}, { "0": 1 }];

function hasType(value: unknown, type: Schema["type"]): boolean {
  if (Array.isArray(value)) return type === "array";
  if (type === "integer") return Number.isInteger(value);
  return value !== null && typeof value === type;
}

/** White space, as most texts match the patterns here. */
function notMatching(pattern: string): fc.Arbitrary<string> {
  const space = fc.constantFrom(" ", "\u00a0", "\u2003", "\u3000", "\ufeff");
  const allowed = new RegExp(pattern, "u");
  return fc
    .string({ unit: space, minLength: 1, maxLength: 20 })
    .filter((text) => !allowed.test(text));
}

function without(name: string): Broken {
  return (value) => {
    const { [name]: _removed, ...others } = value as Record<string, unknown>;
    return fc.constant({ value: others, at: [name] });
  };
}

function withAnother(known: string[]): Broken {
  const name = fc
    .oneof(fc.constantFrom("status", "orderId", "Items", "a/b~c"), fc.string({ maxLength: 20 }))
    .filter((each) => !known.includes(each) && each !== "__proto__");
  return (value) =>
    name.map((each) => ({ value: { ...(value as object), [each]: null }, at: [each] }));
}

/** A value that breaks this rule and no other, with the path of what is wrong. */
export function breaking(
  rule: Rule,
  value: unknown,
  path = rule.path,
): fc.Arbitrary<{ value: unknown; at: string[] }> {
  const [name, ...rest] = path;
  if (name === undefined) return rule.broken(value);
  if (name === "*") {
    const items = value as unknown[];
    return fc.nat(items.length - 1).chain((index) =>
      breaking(rule, items[index], rest).map((broken) => ({
        value: items.with(index, broken.value),
        at: [String(index), ...broken.at],
      })),
    );
  }
  const fields = value as Record<string, unknown>;
  return breaking(rule, fields[name], rest).map((broken) => ({
    value: { ...fields, [name]: broken.value },
    at: [name, ...broken.at],
  }));
}
