import fc from "fast-check";
import { parseIdempotencyKey } from "../../handlers/idempotency";
import { violationAt } from "../../handlers/json";
import { parseListRequest } from "../../handlers/list-request";
import { parseOrderRequest } from "../../handlers/order-request";
import { anOrderRequest, anyJson, trickyJson } from "../support/arbitraries";
import { breaking, rulesOf } from "../support/contract/broken-rules";
import { type Parameter, readContract, routesOf, schemaNamed } from "../support/contract/document";
import { makeAjv } from "../support/contract/response-checker";
import { validValue } from "../support/contract/valid-values";

const contract = readContract();
const schema = schemaNamed(contract, "OrderRequest");
const isValid = makeAjv().compile(schema);

/** What JSON Schema cannot say, and descriptions do. */
const BEYOND_SCHEMA =
  /more than once|as a name|U\+FFFD|lone surrogate|9007199254740991|close to 0|-0|nested deeper|names in its objects/;
const UNPRINTABLE = /[\p{Cc}\uFFFE\uFFFF]/u;

describe("a request that is made from the contract's schema", () => {
  it("is accepted", () => {
    fc.assert(
      fc.property(validValue(schema), (request) => {
        expect(isValid(request)).toBe(true);
        expect(parseOrderRequest(JSON.stringify(request))).toEqual({ ok: true, value: request });
      }),
      { numRuns: 150 },
    );
  });

  const rules = rulesOf(schema).map((rule) => [rule.path.join("/"), rule.keyword, rule] as const);

  it.each(rules)("and breaks one rule is refused, with a pointer to it: /%s %s", (_, __, rule) => {
    const broken = validValue(schema, true).chain((request) => breaking(rule, request));
    fc.assert(
      fc.property(broken, ({ value, at }) => {
        expect(isValid(value)).toBe(false);
        const parsed = parseOrderRequest(JSON.stringify(value));
        const pointers = parsed.ok ? [] : parsed.violations.map(({ pointer }) => pointer);
        expect(pointers).toEqual([violationAt(at, "").pointer]);
      }),
      { numRuns: 25 },
    );
  });

  it("has rules for all that an order request has", () => {
    expect(rules.map(([path, keyword]) => `/${path} ${keyword}`)).toEqual([
      "/ type",
      "/ required customerId",
      "/ required items",
      "/ additionalProperties",
      "/customerId type",
      "/customerId minLength",
      "/customerId maxLength",
      "/customerId pattern",
      "/items type",
      "/items minItems",
      "/items maxItems",
      "/items/* type",
      "/items/*/sku type",
      "/items/*/sku pattern",
      "/items/*/quantity type",
      "/items/*/quantity minimum",
      "/items/*/quantity maximum",
      "/items/*/unitPrice type",
      "/items/*/unitPrice minimum",
      "/metadata type",
    ]);
  });
});

describe("any body", () => {
  it("that is accepted is valid by the contract, and that is refused breaks one of its rules", () => {
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(anyJson, trickyJson, anOrderRequest), (json) => {
        const text = JSON.stringify(json);
        const parsed = parseOrderRequest(text);
        counts[parsed.ok ? "accepted" : "refused"] += 1;
        const sent = JSON.parse(text) as unknown;
        const breaksSchema = !isValid(sent);
        const breaksMore = !parsed.ok && parsed.violations.some((each) => isBeyond(each, sent));
        expect(parsed.ok).toBe(!breaksSchema && !breaksMore);
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(100);
  });
});

/** `sent` may be anything. */
function isBeyond({ pointer, detail }: { pointer: string; detail: string }, sent: unknown) {
  if (BEYOND_SCHEMA.test(detail)) return true;
  const { customerId } = (sent ?? {}) as { customerId?: unknown };
  const isText = pointer === "/customerId" && typeof customerId === "string";
  return isText && UNPRINTABLE.test(customerId);
}

const parameters = routesOf(contract).flatMap((route) => route.parameters);
const inQuery = parameters.filter((each) => each.in === "query");

function violationsOf({ name }: Parameter, value: unknown): string[] {
  const query = { multiValueQueryStringParameters: { [name]: [String(value)] } };
  const parsed = parseListRequest(query);
  return parsed.ok ? [] : parsed.violations;
}

describe.each(inQuery.map((each) => [each.name, each] as const))(
  "the parameter %s",
  (name, each) => {
    it("is accepted with any value that the contract allows", () => {
      fc.assert(
        fc.property(validValue(each.schema), (value) => {
          expect(violationsOf(each, value)).toEqual([]);
        }),
      );
    });

    // Every value in a query is text.
    const rules = rulesOf(each.schema).filter(
      ({ keyword }) => keyword !== "type" && keyword !== "default",
    );
    it.each(rules.map((rule) => [rule.keyword, rule] as const))("is refused by %s", (_, rule) => {
      fc.assert(
        fc.property(breaking(rule, undefined), ({ value }) => {
          expect(violationsOf(each, value)).toEqual([
            expect.stringMatching(new RegExp(`^${name} must`)),
          ]);
        }),
      );
    });
  },
);

describe("any Idempotency-Key", () => {
  it("is accepted if it is valid by the contract, and refused if not", () => {
    const header = parameters.find((each) => each.name === "Idempotency-Key");
    const isKey = makeAjv().compile(header?.schema ?? false);
    const visible = fc.integer({ min: 0x20, max: 0x7f }).map((code) => String.fromCharCode(code));
    const keys = fc.oneof(
      fc.string({ unit: visible, maxLength: 140, size: "max" }),
      fc.stringMatching(/^[!-~]{14,18}$/),
      fc.stringMatching(/^[!-~]{127,129}$/),
    );
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(keys, (key) => {
        expect(parseIdempotencyKey([key]).ok).toBe(isKey(key));
        seen.add(isKey(key));
      }),
      { numRuns: 300 },
    );
    expect(seen.size).toBe(2);
  });
});
