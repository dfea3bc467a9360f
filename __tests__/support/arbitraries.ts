import fc from "fast-check";

const anyText = fc.string({ unit: "binary" });
/** Any JSON at all, mostly such as is refused. */
export const anyJson = fc.jsonValue({ depthSize: "large", stringUnit: "binary" });
/** Names that an order has, or that JavaScript makes something of. */
const trickyName = fc.constantFrom(
  "customerId",
  "items",
  "metadata",
  "orderId",
  "status",
  "toString",
  "valueOf",
  "toJSON",
  "constructor",
  "__proto__",
  "length",
  "then",
);
/** JSON with such names, near to an order's shape and far from it. */
export const { trickyJson } = fc.letrec((tie) => ({
  trickyJson: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(
      null,
      true,
      0,
      -0,
      1e308,
      "",
      "COMPLETED",
      "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77",
    ),
    fc.array(tie("trickyJson"), { maxLength: 3 }),
    // From entries, so that __proto__ is a name like any other.
    fc
      .array(fc.tuple(trickyName, tie("trickyJson")), { maxLength: 4 })
      .map((entries): unknown => Object.fromEntries(entries)),
  ),
}));
/** JSON that I-JSON can keep: big, tiny and awkward values, but for numbers that lose digits. */
const { keepable } = fc.letrec((tie) => ({
  keepable: fc.oneof(
    { maxDepth: 6, depthSize: "large" },
    fc.constantFrom(null, true, false, "", 0, 5e-324, 1e-200, -1.7e-5),
    fc.maxSafeInteger(),
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    anyText,
    fc.array(tie("keepable"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("keepable"), { maxKeys: 4 }),
  ),
}));
/** Orders of all shapes, most of which are accepted. */
export const anOrderRequest = fc.record(
  {
    customerId: fc.string({ minLength: 1, maxLength: 128 }),
    items: fc.array(fc.dictionary(anyText, keepable), { minLength: 1, maxLength: 5 }),
    metadata: fc.dictionary(anyText, keepable),
  },
  { requiredKeys: ["customerId", "items"] },
);

const anExponent = fc
  .tuple(
    fc.constantFrom("e", "E", "e+", "e-", "E-"),
    fc.oneof(fc.nat(30), fc.integer({ min: 290, max: 350 })),
  )
  .map(([e, exponent]) => e + String(exponent));

/** A number of at most 15 digits, which a double keeps if it is not too near to 0, in any notation. */
export const aNumber = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(fc.nat(9), fc.nat()).map(String),
    fc.stringMatching(/^(\.[0-9]{1,5})?$/),
    fc.oneof(fc.constant(""), anExponent),
  )
  .map((parts) => parts.join(""));

/** An order request as text that gives one of its names twice, and the path of that name. */
export const aRepeatedName = fc
  .tuple(anOrderRequest, fc.nat(), keepable, fc.gen())
  .map(([request, nth, value, gen]) => {
    const paths = namePaths(request);
    const path = paths[nth % paths.length] ?? [];
    return { path, text: writeJson(request, { repeated: path, value, gen }) };
  });

/** Paths of all names in a value, each as a JSON Pointer has them. */
function namePaths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const own = [...path, key];
    return [...(Array.isArray(value) ? [] : [own]), ...namePaths(child, own)];
  });
}

interface Writing {
  /** Path of the name to give once more, with this value. */
  repeated: string[];
  value: unknown;
  gen: fc.GeneratorValue;
}

/** JSON with any white space, any escapes in names and one name twice. */
function writeJson(value: unknown, writing: Writing, path: string[] = []): string {
  const space: string = writing.gen(fc.constantFrom, "", "", " ", "\r\n\t");
  const around = (text: string) => space + text + space;
  if (typeof value !== "object" || value === null) return around(JSON.stringify(value));
  if (Array.isArray(value)) {
    const items = value.map((item, index) => writeJson(item, writing, [...path, String(index)]));
    return around(`[${items.join(",")}]`);
  }
  const fields = Object.entries(value).map(([name, child]) => {
    const own = [...path, name];
    return `${writeName(name, writing)}:${writeJson(child, writing, own)}`;
  });
  const name = writing.repeated.at(-1);
  const parent = writing.repeated.slice(0, -1);
  if (name !== undefined && JSON.stringify(parent) === JSON.stringify(path)) {
    const again = `${writeName(name, writing)}:${JSON.stringify(writing.value)}`;
    fields.splice(writing.gen(fc.nat, fields.length), 0, again);
  }
  return around(`{${fields.join(",")}}`);
}

function writeName(name: string, { gen }: Writing): string {
  if (gen(fc.boolean)) return JSON.stringify(name);
  const escapes = Array.from({ length: name.length }, (_, index) =>
    name.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  return `"${escapes.map((hex) => `\\u${hex}`).join("")}"`;
}
