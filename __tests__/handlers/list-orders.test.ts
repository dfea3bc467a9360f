import { cursorAt } from "../../handlers/cursor";
import {
  FILTERED_PAGE,
  makeListOrders,
  MAX_PAGES_READ,
  type OrdersPage,
  type OrdersQuery,
  type OrderSummary,
} from "../../handlers/list-orders";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../handlers/list-request";
import type { OrderStatus } from "../../handlers/order";
import { bodyOf, httpEvent } from "../support/http-event";
import { NOW } from "../support/orders";
import { telemetry } from "../support/telemetry";

const EXPIRES = String(NOW.getTime() / 1000);
const ALICE = { customerId: "alice", isStaff: "false", expires: EXPIRES };
const STAFF = { isStaff: "true", expires: EXPIRES };

/** The nth of a customer's orders, newest first. */
function summary(n: number, status: OrderStatus = "COMPLETED", customerId = "alice"): OrderSummary {
  const orderId = `${String(n).padStart(8, "0")}-4a8e-4f1d-9a51-2f0d6a1c9e77`;
  return { orderId, customerId, status, createdAt: new Date(1e12 - n).toISOString() };
}

/** Reads pages of all that there is, as the index does: the filter comes after the limit. */
function setUp(all: OrderSummary[]) {
  const queries: OrdersQuery[] = [];
  const handler = makeListOrders({
    ...telemetry,
    access: "token",
    isRetryable: () => false,
    now: () => NOW,
    readOrders(query): Promise<OrdersPage> {
      queries.push(query);
      const own = all.filter(({ customerId }) => customerId === query.customerId);
      const from = query.after
        ? own.findIndex(({ orderId }) => orderId === query.after?.orderId) + 1
        : 0;
      const page = own.slice(from, from + query.limit);
      const next = from + query.limit < own.length ? page.at(-1) : undefined;
      const orders = page.filter(({ status }) => (query.status ?? status) === status);
      return Promise.resolve({ orders, next });
    },
  });
  const list = (query = "", authorizer: Record<string, string> = ALICE) =>
    handler(httpEvent({ method: "GET", query, authorizer }));
  return { queries, list };
}

/** Follows the cursors to the end. */
async function listAll(list: ReturnType<typeof setUp>["list"], query: string) {
  const pages: OrderSummary[][] = [];
  let cursor: string | undefined;
  do {
    const page = bodyOf(await list(cursor === undefined ? query : `${query}&cursor=${cursor}`));
    pages.push(page["orders"] as OrderSummary[]);
    cursor = page["cursor"] as string | undefined;
  } while (cursor !== undefined);
  return pages;
}

const orders = (count: number, status?: OrderStatus) =>
  Array.from({ length: count }, (_each, n) => summary(n, status));

describe("GET /orders", () => {
  it("gives the caller's own orders, and no cursor at the end", async () => {
    const all = [...orders(3), summary(9, "COMPLETED", "bob")];
    const result = await setUp(all).list();
    expect([result.statusCode, bodyOf(result)]).toEqual([200, { orders: orders(3) }]);
  });

  it("gives pages that together are the whole list", async () => {
    const { list, queries } = setUp(orders(60));
    const pages = await listAll(list, `limit=${DEFAULT_LIMIT}`);
    expect(pages.map((page) => page.length)).toEqual([25, 25, 10]);
    expect(pages.flat()).toEqual(orders(60));
    expect(queries.map(({ limit }) => limit)).toEqual([25, 25, 25]);
  });

  it("gives those of one status, none of them twice, whatever the limit", async () => {
    const all = orders(250).map((order, n) =>
      n % 3 === 0 ? { ...order, status: "FAILED" as const } : order,
    );
    for (const limit of [1, 7, MAX_LIMIT]) {
      const { list } = setUp(all);
      const pages = await listAll(list, `status=FAILED&limit=${limit}`);
      expect(pages.flat()).toEqual(all.filter(({ status }) => status === "FAILED"));
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    }
  });

  it("reads ten pages of the index for one request at most, and may give an empty one", async () => {
    const { list, queries } = setUp([...orders(FILTERED_PAGE * 12), summary(5000, "FAILED")]);
    const first = bodyOf(await list("status=FAILED"));
    expect(first["orders"]).toEqual([]);
    expect(queries).toHaveLength(MAX_PAGES_READ);
    const second = bodyOf(await list(`status=FAILED&cursor=${String(first["cursor"])}`));
    expect(second).toEqual({ orders: [summary(5000, "FAILED")] });
  });

  it("lets staff name a customer, and only staff", async () => {
    const { list } = setUp(orders(2));
    expect(bodyOf(await list("customerId=alice", STAFF))).toEqual({ orders: orders(2) });
    expect(bodyOf(await list("customerId=alice"))).toEqual({ orders: orders(2) });
    expect((await list("customerId=alice", { ...ALICE, customerId: "bob" })).statusCode).toBe(403);
    const nobodys = await list("", STAFF);
    expect([nobodys.statusCode, bodyOf(nobodys)["detail"]]).toEqual([
      400,
      "customerId is required of staff.",
    ]);
  });

  it.each([
    ["limit=0", "limit must be a whole number from 1 to 100."],
    ["limit=101", "limit must be a whole number from 1 to 100."],
    ["limit=1e1", "limit must be a whole number from 1 to 100."],
    ["limit=1&limit=2", "limit must be given once."],
    ["status=completed", expect.stringContaining("status must be one of RECEIVED, ")],
    ["limit=x&cursor=", expect.stringMatching(/^limit must .*\. cursor must be the cursor/)],
    ["stauts=FAILED", "The query takes customerId, status, limit, cursor and nothing else."],
    ["customerId=%00", expect.stringContaining("customerId must be a string")],
    ["cursor=abc", "cursor is not one of this list."],
  ])("refuses ?%s", async (query, detail) => {
    const { list, queries } = setUp(orders(1));
    const result = await list(query);
    expect([result.statusCode, bodyOf(result)["detail"]]).toEqual([400, detail]);
    expect(queries).toEqual([]);
  });

  it("refuses the cursor of another customer's list, of staff too", async () => {
    const { list, queries } = setUp(orders(1));
    const bobs = cursorAt(summary(0), "bob");
    expect((await list(`cursor=${bobs}`)).statusCode).toBe(400);
    expect((await list(`customerId=alice&cursor=${bobs}`, STAFF)).statusCode).toBe(400);
    expect(queries).toEqual([]);
  });
});
