import type { APIGatewayProxyEvent } from "aws-lambda";
import { ORDER_STATUSES, type OrderStatus } from "./order";
import { CUSTOMER_ID_RULE, isCustomerId } from "./order-request";

/** What a client asks of the list of orders. */
export interface ListRequest {
  customerId: string | undefined;
  status: OrderStatus | undefined;
  limit: number;
  cursor: string | undefined;
}

export const DEFAULT_LIMIT = 25;
export const MAX_LIMIT = 100;

const PARAMETERS = ["customerId", "status", "limit", "cursor"] as const;
type Parameter = (typeof PARAMETERS)[number];

/** The request in a URL's query, or every violation of it. A violation names a parameter, and no value. */
export function parseListRequest({
  multiValueQueryStringParameters: query,
}: Pick<APIGatewayProxyEvent, "multiValueQueryStringParameters">):
  { ok: true; value: ListRequest } | { ok: false; violations: string[] } {
  const given = Object.entries(query ?? {});
  const violations = given.flatMap(([name, values = []]) => violationsOf(name, values));
  if (violations.length > 0) return { ok: false, violations };
  const { customerId, cursor, status, limit } = Object.fromEntries(
    given.map(([name, values]) => [name, values?.[0]]),
  );
  return {
    ok: true,
    value: {
      customerId,
      cursor,
      status: ORDER_STATUSES.find((each) => each === status),
      limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    },
  };
}

function violationsOf(name: string, [value = "", ...others]: string[]): string[] {
  const known = PARAMETERS.find((each) => each === name);
  if (!known) return [`The query takes ${PARAMETERS.join(", ")} and nothing else.`];
  if (others.length > 0) return [`${known} must be given once.`];
  const expected = violationOf(known, value);
  return expected === undefined ? [] : [`${known} ${expected}.`];
}

function violationOf(name: Parameter, value: string): string | undefined {
  switch (name) {
    case "customerId":
      return isCustomerId(value) ? undefined : CUSTOMER_ID_RULE;
    case "status":
      return ORDER_STATUSES.some((each) => each === value)
        ? undefined
        : `must be one of ${ORDER_STATUSES.join(", ")}`;
    case "limit":
      return isLimit(value) ? undefined : `must be a whole number from 1 to ${MAX_LIMIT}`;
    case "cursor":
      return value === "" ? "must be the cursor of a page before" : undefined;
  }
}

function isLimit(value: string): boolean {
  return /^[1-9]\d{0,2}$/.test(value) && Number(value) <= MAX_LIMIT;
}
