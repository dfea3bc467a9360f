import fc from "fast-check";

const anyText = fc.string({ unit: "binary" });
/** Any JSON at all, mostly such as is refused. */
export const anyJson = fc.jsonValue({ depthSize: "large", stringUnit: "binary" });
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
