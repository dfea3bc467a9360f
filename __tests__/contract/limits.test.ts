import { MAX_HISTORY_ENTRIES } from "../../handlers/history";
import {
  MAX_RETRY_AFTER_SECONDS,
  PROBLEM_TITLES,
  problemBody,
  SECURITY_HEADERS,
} from "../../handlers/http";
import { IDEMPOTENCY_KEY, orderIdFor } from "../../handlers/idempotency";
import { MAX_DEPTH, MAX_NAMES, violationAt } from "../../handlers/json";
import { FILTERED_PAGE, MAX_PAGES_READ } from "../../handlers/list-orders";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../handlers/list-request";
import { END_STATUSES, ORDER_ID, ORDER_STATUSES, TRANSITIONS } from "../../handlers/order";
import {
  MAX_CUSTOMER_ID_LENGTH,
  MAX_ITEMS,
  MAX_ORDER_BYTES,
  MAX_QUANTITY,
  MAX_VIOLATIONS,
} from "../../handlers/order-request";
import { MAX_NAME_LENGTH } from "../../handlers/step-names";
import { gatewayResponses } from "../../infra/gateway-responses";
import { readContract, readDocument } from "../support/contract/document";

const contract = readContract();
const ofGateway = Object.values(gatewayResponses(true));

function gatewayHeader(name: string): string[] {
  const key = `gatewayresponse.header.${name}`;
  return ofGateway.flatMap(({ responseParameters }) => responseParameters[key] ?? []);
}

/** Of all responses that have it, without API Gateway's quotes. */
const retryAfter = gatewayHeader("Retry-After").map((value) => Number(value.replaceAll("'", "")));
const [challenge = ""] = gatewayHeader("WWW-Authenticate");

const LIMITS = {
  "components/parameters/IdempotencyKey/schema": {
    pattern: IDEMPOTENCY_KEY.source,
    minLength: 16,
    maxLength: 128,
  },
  "components/headers/Cache-Control/schema": { const: SECURITY_HEADERS["Cache-Control"] },
  "components/headers/X-Content-Type-Options/schema": {
    const: SECURITY_HEADERS["X-Content-Type-Options"],
  },
  "components/headers/Location/schema": { pattern: "^/.+/orders/[0-9a-f-]{36}$" },
  "components/headers/Idempotency-Replayed/schema": { const: "true" },
  "components/headers/Retry-After/schema": {
    minimum: 1,
    maximum: Math.max(MAX_RETRY_AFTER_SECONDS, ...retryAfter),
  },
  "components/headers/WWW-Authenticate/schema": { const: challenge.replaceAll("'", "") },
  "paths//orders/get/parameters/2/schema": {
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
  },
  "paths//orders/get/parameters/3/schema": { minLength: 1 },
};

const UNDO_FAILED = { const: true };
const A_NAME = { minLength: 1, maxLength: MAX_NAME_LENGTH };
const CHANGES = ["accept", ...TRANSITIONS.map(({ change }) => change), "notify"];

const LIMITS_OF_SCHEMAS = {
  OrderId: { pattern: ORDER_ID.source },
  CustomerId: { minLength: 1, maxLength: MAX_CUSTOMER_ID_LENGTH, pattern: "\\S" },
  OrderStatus: { enum: ORDER_STATUSES },
  Items: { minItems: 1, maxItems: MAX_ITEMS },
  "OrderLine/properties/sku": { pattern: "\\S" },
  "OrderLine/properties/quantity": { minimum: 1, maximum: MAX_QUANTITY },
  "OrderLine/properties/unitPrice": { minimum: 0 },
  "Totals/properties/units": { minimum: 1 },
  "Totals/properties/amount": { minimum: 0 },
  "Progress/properties/step": A_NAME,
  "Order/properties/undoFailed": UNDO_FAILED,
  "OrderSummary/properties/undoFailed": UNDO_FAILED,
  "OrderList/properties/orders": { maxItems: MAX_LIMIT },
  "OrderList/properties/cursor": { minLength: 1 },
  "OrderHistory/properties/history": { maxItems: MAX_HISTORY_ENTRIES },
  "HistoryEntry/properties/attempt": { minimum: 0 },
  "HistoryEntry/properties/step": A_NAME,
  "HistoryEntry/properties/count": { minimum: 2 },
  Change: { enum: [...new Set(CHANGES)] },
  "Notification/properties/status": { enum: END_STATUSES },
  "Notification/properties/redrives": { minimum: 0 },
  "Notification/properties/undoFailed": UNDO_FAILED,
  "Problem/properties/type": { const: problemBody(400, "").type },
  "Problem/properties/detail": { minLength: 1 },
  "Problem/properties/requestId": { minLength: 1 },
  "Problem/properties/errors": { minItems: 1, maxItems: MAX_VIOLATIONS },
  "Violation/properties/pointer": {
    maxLength: violationAt(["x".repeat(1000)], "").pointer.length,
  },
  "Violation/properties/detail": { minLength: 1 },
};

const KEYWORDS = [
  ["enum", "const", "default", "pattern", "minLength", "maxLength"],
  ["minimum", "maximum", "minItems", "maxItems"],
].flat();

/** Every limit of the file, by its place. Those of problems are compared by their status below. */
function limitsIn(value: unknown, place: string[] = []): [string, Record<string, unknown>][] {
  if (typeof value !== "object" || value === null) return [];
  const [first, second, , last] = place;
  if (place.includes("examples") || first === "servers") return [];
  if (first === "components" && second === "responses" && last !== undefined) return [];
  const isSchema = place.includes("schema") || second === "schemas";
  const own = Object.entries(value).filter(([name]) => isSchema && KEYWORDS.includes(name));
  return [
    ...(own.length > 0 ? [[place.join("/"), Object.fromEntries(own)] as [string, object]] : []),
    ...Object.entries(value).flatMap(([name, each]) => limitsIn(each, [...place, name])),
  ] as [string, Record<string, unknown>][];
}

describe("openapi.yaml", () => {
  it("has the limits, enums, patterns and defaults of the code, and no others", () => {
    const ofSchemas = Object.entries(LIMITS_OF_SCHEMAS).map(([name, limits]) => [
      `components/schemas/${name}`,
      limits,
    ]);
    const expected = { ...LIMITS, ...(Object.fromEntries(ofSchemas) as object) };
    expect(Object.fromEntries(limitsIn(readDocument()))).toEqual(expected);
  });

  it("has HTTP's title of each status, and each status that there is a title of", () => {
    const documented = Object.values(contract.components.responses).flatMap(({ content = {} }) => {
      const { schema } = content["application/problem+json"] ?? {};
      const { status, title } = schema?.allOf?.[1]?.properties ?? {};
      return schema ? [[status?.const, title?.const]] : [];
    });
    // Any Content-Type is accepted.
    const { 415: _never, ...titles } = PROBLEM_TITLES;
    expect(Object.fromEntries(documented)).toEqual(titles);
  });

  it("says the limits that JSON Schema cannot say", () => {
    const { description } = contract.info;
    expect(description).toContain(`more than ${MAX_DEPTH} levels of nesting`);
    expect(description).toContain(`more than ${MAX_NAMES.toLocaleString("en")} names`);
    expect(description).toContain(`more than ${MAX_ORDER_BYTES / 1024} KiB`);
    expect(description).toContain(Number.MAX_SAFE_INTEGER.toLocaleString("en"));
    const { post, get } = contract.paths["/orders"] ?? {};
    expect(post?.requestBody?.description).toContain(`At most ${MAX_ORDER_BYTES / 1024} KiB`);
    expect(get?.description).toContain(
      `at most ${MAX_PAGES_READ} pages of ${FILTERED_PAGE} orders each`,
    );
    const { get: history } = contract.paths["/orders/{orderId}/history"] ?? {};
    expect(history?.description).toContain(`more than ${MAX_HISTORY_ENTRIES} entries`);
  });

  it("has the orderId that the example's customer and key give", () => {
    const ids = JSON.stringify(readDocument()).match(/(?<="orderId":")[0-9a-f-]+/g);
    expect([...new Set(ids)]).toEqual([orderIdFor("alice", "my-first-order-0001")]);
  });
});
