import { makeResponseChecker, type SeenResponse } from "../support/contract/response-checker";
import { completedOrder, ORDER_ID } from "../support/orders";

const JSON_HEADERS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};
const PROBLEM_HEADERS = { ...JSON_HEADERS, "Content-Type": "application/problem+json" };
const NOT_FOUND = { type: "about:blank", title: "Not Found", status: 404, requestId: "1" };

interface Options extends Partial<Pick<SeenResponse, "method" | "path" | "status">> {
  headers?: Record<string, string>;
  body?: object;
}

/** A completed order, with something else in its response. */
function seen({ headers = {}, body = completedOrder(), ...others }: Options): SeenResponse {
  return {
    method: "GET",
    path: `/orders/${ORDER_ID}`,
    status: 200,
    headers: new Headers({ ...JSON_HEADERS, ...headers }),
    text: JSON.stringify(body),
    ...others,
  };
}

describe("the check of responses against openapi.yaml", () => {
  it("accepts what is documented, and counts it by route and status", () => {
    const { check, counts } = makeResponseChecker();
    check(seen({}));
    check(seen({ path: `/orders/${ORDER_ID}/` }));
    const body = { ...NOT_FOUND, detail: "There is no such resource." };
    check(seen({ method: "PUT", status: 404, headers: PROBLEM_HEADERS, body }));
    expect([...counts]).toEqual([
      ["GET /orders/{orderId} 200", 2],
      ["no route 404", 1],
    ]);
  });

  it.each<[string, Options, string]>([
    ["another status", { status: 206 }, "206 is not documented"],
    ["another path", { path: "/orders/1/items" }, "no route 200 is not documented"],
    ["another content type", { headers: PROBLEM_HEADERS }, "problem+json is not documented"],
    ["another cache", { headers: { "Cache-Control": "public" } }, "Cache-Control"],
    ["a header of another status", { headers: { "Retry-After": "1" } }, "Retry-After"],
    ["bookkeeping", { body: { ...completedOrder(), attempt: 1 } }, "additional properties"],
    ["a wrong type", { body: { ...completedOrder(), totals: { units: "3" } } }, "units"],
    ["a wrong time", { body: { ...completedOrder(), completedAt: "today" } }, "date-time"],
    ["another status of the order", { body: { ...completedOrder(), status: "DONE" } }, "status"],
    ["a missing field", { body: { ...completedOrder(), orderId: undefined } }, "orderId"],
    ["no order", { body: [] }, "must be object"],
    [
      "a Retry-After beyond its limit",
      { status: 503, headers: { ...PROBLEM_HEADERS, "Retry-After": "11" } },
      "Retry-After must be <= 10",
    ],
    ["no Retry-After", { status: 503, headers: PROBLEM_HEADERS }, "Retry-After is missing"],
    [
      "another status in the body",
      { status: 400, headers: PROBLEM_HEADERS, body: { ...NOT_FOUND, detail: "x" } },
      "body/status",
    ],
    ["no detail", { status: 404, headers: PROBLEM_HEADERS, body: NOT_FOUND }, "'detail'"],
  ])("refuses %s", (_what, options, expected) => {
    const { check, counts } = makeResponseChecker();
    expect(() => check(seen(options))).toThrow(expected);
    expect(counts.size).toBe(0);
  });
});
