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
