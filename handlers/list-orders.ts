import { type CallerDeps, mayActFor, withCaller } from "./caller";
import { cursorAt, type Position, positionOf } from "./cursor";
import { json, problem } from "./http";
import { parseListRequest } from "./list-request";
import type { Order, OrderStatus } from "./order";

/** An order without what its customer has sent, and without what changes at each step. */
export type OrderSummary = Omit<
  Order,
  "items" | "metadata" | "updatedAt" | "progress" | "notifiedAt"
>;

export interface OrdersQuery {
  customerId: string;
  status: OrderStatus | undefined;
  /** How many are read at most; of these the page has those with the status. */
  limit: number;
  after: Position | undefined;
}

export interface OrdersPage {
  orders: OrderSummary[];
  /** Undefined at the end of the list. */
  next: Position | undefined;
}

export interface ListOrdersDeps extends CallerDeps {
  /** Orders of a customer, newest first. */
  readOrders(query: OrdersQuery): Promise<OrdersPage>;
}

/** Where a filter leaves little of each page, one request reads so many at most, and so much of each. */
export const MAX_PAGES_READ = 10;
export const FILTERED_PAGE = 100;

/**
 * GET /orders: a customer's orders, newest first. A page may hold fewer than its limit, or none: the list
 * is at its end where there is no cursor.
 */
export function makeListOrders(deps: ListOrdersDeps) {
  return withCaller(deps, async (event, caller) => {
    const request = parseListRequest(event);
    if (!request.ok) return problem(event, 400, [...new Set(request.violations)].join(" "));
    const { customerId = caller.customerId, cursor, status, limit } = request.value;
    if (customerId === undefined) return problem(event, 400, "customerId is required of staff.");
    if (!mayActFor(caller, customerId)) {
      return problem(event, 403, "This caller may list no orders but their own.");
    }
    const after = cursor === undefined ? undefined : positionOf(cursor, customerId);
    if (cursor !== undefined && !after) {
      return problem(event, 400, "cursor is not one of this list.");
    }
    const { orders, next } = await readPage(deps, { customerId, status, limit, after });
    return json(200, { orders, ...(next && { cursor: cursorAt(next, customerId) }) });
  });
}

async function readPage(deps: ListOrdersDeps, query: OrdersQuery): Promise<OrdersPage> {
  const { limit, status } = query;
  const orders: OrderSummary[] = [];
  let next = query.after;
  for (let pages = 0; pages < MAX_PAGES_READ; pages += 1) {
    const pageLimit = status === undefined ? limit : FILTERED_PAGE;
    const page = await deps.readOrders({ ...query, limit: pageLimit, after: next });
    const taken = page.orders.slice(0, limit - orders.length);
    orders.push(...taken);
    const isCut = taken.length < page.orders.length;
    next = isCut ? taken.at(-1) : page.next;
    if (orders.length === limit || next === undefined) break;
  }
  return { orders, next };
}
