import { MAX_DEPTH } from "../../handlers/json";
import { parseOrderRequest } from "../../handlers/order-request";
import { aRequest } from "../support/orders";

function violationsOf(body: unknown): unknown {
  const parsed = parseOrderRequest(typeof body === "string" ? body : JSON.stringify(body));
  return parsed.ok ? "accepted" : parsed.violations;
}

function pointersOf(body: unknown): unknown {
  const violations = violationsOf(body);
  return Array.isArray(violations)
    ? violations.map((violation: { pointer: string }) => violation.pointer)
    : violations;
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

function order(items: string): string {
  return `{"customerId":"a","items":${items}}`;
}

describe("parseOrderRequest", () => {
  it("takes an order with everything that an order can have, unchanged", () => {
    const request = {
      customerId: "カスタマー",
      items: [
        { sku: "tea", quantity: 1_000_000, unitPrice: 0, gift: { wrap: [true, null, ""] } },
        {},
      ],
      metadata: { "": -1.5e-300, list: [], deep: { e: {} } },
    };
    expect(parseOrderRequest(JSON.stringify(request))).toEqual({ ok: true, value: request });
  });

  it.each([
    ["truncated JSON", '{"customerId":"a"', [""]],
    ["null", "null", [""]],
    ["an array", "[]", [""]],
    ["a string", '"x"', [""]],
    ["a number", "7", [""]],
    ["an empty object", "{}", ["/customerId", "/items"]],
    ["a blank customerId", { ...aRequest, customerId: " \t" }, ["/customerId"]],
    ["a long customerId", { ...aRequest, customerId: "x".repeat(129) }, ["/customerId"]],
    ["a control character", { ...aRequest, customerId: "a\u0000b" }, ["/customerId"]],
    ["a customerId that is null", { ...aRequest, customerId: null }, ["/customerId"]],
    ["no items", { ...aRequest, items: [] }, ["/items"]],
    ["101 items", { ...aRequest, items: Array(101).fill(0) }, ["/items"]],
    ["items that are an object", { ...aRequest, items: {} }, ["/items"]],
    [
      "items that are no objects",
      { ...aRequest, items: [1, [], null] },
      ["/items/0", "/items/1", "/items/2"],
    ],
    ["a blank sku", { ...aRequest, items: [{ sku: " " }] }, ["/items/0/sku"]],
    ["a quantity of 0", { ...aRequest, items: [{ quantity: 0 }] }, ["/items/0/quantity"]],
    ["half a quantity", { ...aRequest, items: [{ quantity: 1.5 }] }, ["/items/0/quantity"]],
    ["a huge quantity", { ...aRequest, items: [{ quantity: 1_000_001 }] }, ["/items/0/quantity"]],
    ["a negative price", { ...aRequest, items: [{ unitPrice: -0.01 }] }, ["/items/0/unitPrice"]],
    ["a price as text", { ...aRequest, items: [{ unitPrice: "1" }] }, ["/items/0/unitPrice"]],
    ["metadata that is a list", { ...aRequest, metadata: [] }, ["/metadata"]],
    ["a status", { ...aRequest, status: "COMPLETED" }, ["/status"]],
  ])("refuses %s", (_name, body, pointers) => {
    expect(pointersOf(body)).toEqual(pointers);
  });

  it("lists every violation at once", () => {
    const body = {
      customerId: 1,
      items: [{ quantity: 0, unitPrice: -1 }],
      metadata: 2,
      totals: {},
    };
    expect(violationsOf(body)).toEqual([
      {
        pointer: "/customerId",
        detail: "must be a string of 1 to 128 characters, not blank, without control characters",
      },
      { pointer: "/items/0/quantity", detail: "must be an integer from 1 to 1000000" },
      { pointer: "/items/0/unitPrice", detail: "must be a number of 0 or more" },
      { pointer: "/metadata", detail: "must be a JSON object" },
      {
        pointer: "/totals",
        detail: "is not a field of an order: it takes customerId, items and metadata",
      },
    ]);
  });

  it("says that a missing field is required", () => {
    expect(violationsOf({ items: [{}] })).toEqual([
      { pointer: "/customerId", detail: expect.stringMatching(/^is required: must be a string/) },
    ]);
  });

  it.each([
    ["1e400", '{"n":1e400}', "/metadata/n"],
    ["-1e400", '{"n":-1e400}', "/metadata/n"],
    ["an integer that loses digits", '{"n":12345678901234567890}', "/metadata/n"],
    ["-0", '{"n":-0}', "/metadata/n"],
    ["-0 in a list", '{"n":[0,-0]}', "/metadata/n/1"],
    ["-0.0", '{"n":-0.0}', "/metadata/n"],
    ["-0e5", '{"n":-0e5}', "/metadata/n"],
    ["1e-400, which would be 0", '{"n":1e-400}', "/metadata/n"],
    ["-1E-400, which would be -0", '{"n":-1E-400}', "/metadata/n"],
    ["0.000…1, which would be 0", `{"n":0.${"0".repeat(400)}1}`, "/metadata/n"],
    ["3e-324, which would be 5e-324", '{"n":3e-324}', "/metadata/n"],
    ["1.2345e-321, which would be 1.235e-321", '{"n":1.2345e-321}', "/metadata/n"],
    ["a lone surrogate", '{"s":"\\ud800"}', "/metadata/s"],
    ["a lone surrogate in a name", '{"\\udc00":1}', "/metadata/\ufffd"],
    ["__proto__", '{"a":{"__proto__":{"b":1}}}', "/metadata/a/__proto__"],
  ])("refuses metadata with %s", (_name, metadata, pointer) => {
    const body = `{"customerId":"a","items":[{}],"metadata":${metadata}}`;
    expect(pointersOf(body)).toEqual([pointer]);
  });

  const twice = "is given more than once";
  it.each([
    ["the customerId", '{"customerId":"a","customerId":"b","items":[{}]}', "/customerId"],
    ["items", '{"customerId":"a","items":[],"items":[{}]}', "/items"],
    ["a quantity", order('[{},{"quantity":1,"quantity":1}]'), "/items/1/quantity"],
    ["an escaped spelling", order('[{"quantity":1,"quantit\\u0079":9}]'), "/items/0/quantity"],
    ["a name thrice", order('[{"a":1,"a":2,"a":3}]'), "/items/0/a"],
    ["an empty name", order('[{"":1, "" :2}]'), "/items/0/"],
    ["a name with a quote", order('[{"a\\"":1,"\\u0061\\"":2}]'), '/items/0/a"'],
    ["a name with ~ and /", order('[{"~/":1,"~\\/":2}]'), "/items/0/~0~1"],
    ["a name of JavaScript's", order('[{"toString":1,"toString":2}]'), "/items/0/toString"],
    [
      "a name in a list in a list",
      order('[{"l":[0,[{"b":0},{"a":[],"a":[]}]]}]'),
      "/items/0/l/1/1/a",
    ],
    ["a name with an object each time", order('[{"a":{"b":1},"a":{"b":1}}]'), "/items/0/a"],
    ["a name among strings like it", order('[{"a":"a","b":"a:","a":"b"}]'), "/items/0/a"],
  ])("refuses %s given twice", (_name, body, pointer) => {
    expect(violationsOf(body)).toEqual([{ pointer, detail: twice }]);
    const pretty = body.replaceAll(/([{}[\],])/g, " \t\r\n$1 ");
    expect(violationsOf(pretty)).toEqual([{ pointer, detail: twice }]);
  });

  it.each([
    ["0", 0],
    ["0.0", 0],
    ["0e-999", 0],
    ["1.0", 1],
    ["1e2", 100],
    ["-1.50E+1", -15],
    ["0.1", 0.1],
    ["0.1000000000000000055511151231257827", 0.1],
    ["9007199254740991", 9007199254740991],
    ["9007199254740991000e-3", 9007199254740991],
    ["2.2250738585072014e-308", 2.2250738585072014e-308],
    ["2.225073858507201e-308", 2.225073858507201e-308],
    ["-5E-324", -5e-324],
  ])("takes %s for what it is", (literal, value) => {
    const parsed = parseOrderRequest(`{"customerId":"a","items":[{"n":${literal}}]}`);
    expect(parsed).toEqual({ ok: true, value: { customerId: "a", items: [{ n: value }] } });
  });

  it("takes a number near 0 that is written without an exponent", () => {
    expect(violationsOf(order(`[{"n":0.${"0".repeat(323)}5}]`))).toBe("accepted");
  });

  it("refuses a price and a quantity that would come back changed", () => {
    const body = order('[{"unitPrice":1e-400,"quantity":-0},{"unitPrice":-0}]');
    expect(violationsOf(body)).toEqual([
      { pointer: "/items/0/quantity", detail: "must be an integer from 1 to 1000000" },
      { pointer: "/items/0/unitPrice", detail: "is a number too close to 0 to be kept exactly" },
      { pointer: "/items/0/quantity", detail: "is -0, which would come back as 0" },
      { pointer: "/items/1/unitPrice", detail: "is -0, which would come back as 0" },
    ]);
  });

  const damaged = "U+FFFD, which stands in the place of bytes that are not UTF-8";
  it.each([
    ["the customerId", '{"customerId":"Jos\ufffd","items":[{}]}', "/customerId", "contains"],
    ["a string", order('[{},{"l":["\ufffd"]}]'), "/items/1/l/0", "contains"],
    ["an escape", order('[{"sku":"\\uFFFD"}]'), "/items/0/sku", "contains"],
    ["a name", order('[{"a\ufffdb":1}]'), "/items/0/a\ufffdb", "has a name with"],
  ])("refuses U+FFFD in %s", (_name, body, pointer, what) => {
    expect(violationsOf(body)).toEqual([{ pointer, detail: `${what} ${damaged}` }]);
  });

  it("takes a name that stands in several objects, and strings that look like names", () => {
    const body = order('[{"a":{"a":["a","a",{"a":"a"}]},"b":{"a":"\\"a\\":"}},{"a":1}]');
    expect(violationsOf(body)).toBe("accepted");
  });

  it("lists names given twice with all other violations", () => {
    const body = '{"customerId":1,"a":0,"a":0,"items":[{"quantity":1,"quantity":0,"n":[1e400]}]}';
    expect(pointersOf(body)).toEqual([
      "/customerId",
      "/items/0/quantity",
      "/a",
      "/a",
      "/items/0/quantity",
      "/items/0/n/0",
    ]);
  });

  it("refuses __proto__ given twice, each time", () => {
    const body = order('[{"__proto__":1,"__proto__":{}}]');
    expect(violationsOf(body)).toEqual([
      { pointer: "/items/0/__proto__", detail: "is not allowed as a name" },
      { pointer: "/items/0/__proto__", detail: twice },
    ]);
  });

  it("refuses __proto__ at the top level and leaves Object.prototype alone", () => {
    expect(pointersOf('{"customerId":"a","items":[{}],"__proto__":{"x":1}}')).toContain(
      "/__proto__",
    );
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it.each(["metadata", "items", "customerId", "unknown"])("bounds the nesting of %s", (field) => {
    const body = (depth: number) =>
      JSON.stringify({ ...aRequest, metadata: {}, [field]: 0 }).replace(
        `"${field}":0`,
        `"${field}":${field === "metadata" ? `{"d":${nested(depth - 1)}}` : nested(depth)}`,
      );
    for (const depth of [MAX_DEPTH, 100_000]) {
      expect(violationsOf(body(depth))).toEqual([
        { pointer: "", detail: `is nested deeper than ${MAX_DEPTH} levels` },
      ]);
    }
    expect(pointersOf(body(MAX_DEPTH - 1))).not.toEqual([""]);
  });

  it("bounds the nesting of what a second value replaces", () => {
    const body = `{"metadata":${nested(100_000)},"metadata":{},"customerId":"a","items":[{}]}`;
    expect(violationsOf(body)).toEqual([
      { pointer: "", detail: `is nested deeper than ${MAX_DEPTH} levels` },
    ]);
  });

  it("never repeats a value", () => {
    const secret = "secret-4711";
    const body = {
      customerId: secret.repeat(20),
      items: [{ sku: 1, quantity: secret, unitPrice: secret }, secret],
      metadata: secret,
      status: secret,
    };
    expect(JSON.stringify(violationsOf(body))).not.toContain(secret);
    expect(JSON.stringify(violationsOf(`{"${secret}`))).not.toContain(secret);
  });

  it("keeps its answer short whatever is sent", () => {
    const fields = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`k${i}`.repeat(90), 1]),
    );
    const violations = violationsOf({ ...aRequest, ...fields });
    expect(violations).toHaveLength(100);
    expect(JSON.stringify(violations).length).toBeLessThan(50_000);
  });
});
