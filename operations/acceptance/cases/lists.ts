import { randomUUID } from "node:crypto";
import { array, optional, string, type, validate } from "superstruct";
import type { Order } from "../../../handlers/order";
import type { AcceptanceCase, Client } from "../acceptance-case";
import { expectEqual, expectProblem, expectStatus, expectThat } from "../expect";
import { accepted, CUSTOMER_ID, get, waitFor } from "../requests";
import { tokenOf } from "./identity";

const NEW_ORDERS = 3;

const WRONG_PARAMETERS = ["limit=0", "limit=101", "limit=1&limit=2", "status=NEW", "page=2"];

const listStruct = type({
  orders: array(type({ orderId: string(), customerId: string(), createdAt: string() })),
  cursor: optional(string()),
});

export const LIST_CASES: AcceptanceCase[] = [
  {
    id: "identity/list",
    title: "GET /orders lists a customer's orders soon after they are made, newest first",
    async run(client) {
      const made = await madeAndListed(client);
      const { orders } = await list(client, { limit: "100" });
      const owners = new Set(orders.map(({ customerId }) => customerId));
      expectEqual("the customers of the list", [...owners], [CUSTOMER_ID]);
      const times = orders.map(({ createdAt }) => createdAt);
      expectEqual("the times of the list", times, [...times].sort().reverse());
      const newest = orders.slice(0, NEW_ORDERS).map(({ orderId }) => orderId);
      expectEqual("the newest orders", newest.sort(), made.map(({ orderId }) => orderId).sort());
    },
  },
  {
    id: "identity/list-pages",
    title: "limit and cursor lead through the list, each order once",
    async run(client) {
      await madeAndListed(client);
      const whole = await list(client, { limit: String(NEW_ORDERS) });
      const walked: string[] = [];
      let cursor: string | undefined;
      for (let page = 1; page <= NEW_ORDERS; page += 1) {
        const { orders, ...next } = await list(client, { limit: "1", ...(cursor && { cursor }) });
        expectEqual(`orders on page ${page}`, orders.length, 1);
        walked.push(...orders.map(({ orderId }) => orderId));
        cursor = next.cursor;
      }
      const expected = whole.orders.map(({ orderId }) => orderId);
      expectEqual("the orders of all pages", walked, expected);
    },
  },
  {
    id: "identity/list-cursor",
    title: "a cursor that was changed, or is of another customer's list: 400",
    async run(client) {
      await madeAndListed(client);
      const { cursor = "" } = await list(client, { limit: "1" });
      const changed = (cursor.startsWith("A") ? "B" : "A") + cursor.slice(1);
      const requests = [
        { customerId: CUSTOMER_ID, cursor: changed },
        { customerId: unknownCustomer(), cursor },
      ];
      for (const query of requests) {
        expectProblem("GET with such a cursor", await get(client, pathOf(query)), 400);
      }
    },
  },
  {
    id: "identity/list-parameters",
    title: "a parameter that is unknown, or has a wrong value: 400",
    async run(client) {
      tokenOf(client);
      for (const wrong of WRONG_PARAMETERS) {
        const path = `${pathOf({ customerId: CUSTOMER_ID })}&${wrong}`;
        expectProblem(`GET with ${wrong}`, await get(client, path), 400);
      }
    },
  },
  {
    id: "identity/list-unknown",
    title: "a customer without orders has an empty list, and no cursor",
    async run(client) {
      tokenOf(client);
      const none = await list(client, { customerId: unknownCustomer() });
      expectEqual("the list", none, { orders: [] });
    },
  },
];

/** New orders, once the list begins with them: the index follows the table. */
async function madeAndListed(client: Client): Promise<Order[]> {
  tokenOf(client);
  const made: Order[] = [];
  while (made.length < NEW_ORDERS) made.push(await accepted(client));
  return waitFor("a list of the orders just made", async () => {
    const { orders } = await list(client, { limit: String(NEW_ORDERS) });
    const ids = orders.map(({ orderId }) => orderId);
    return made.every(({ orderId }) => ids.includes(orderId)) ? made : undefined;
  });
}

function pathOf(query: Record<string, string>): string {
  return `orders?${new URLSearchParams(query).toString()}`;
}

function unknownCustomer(): string {
  return `${CUSTOMER_ID}-${randomUUID()}`;
}

async function list(client: Client, query: Record<string, string>) {
  const answer = await get(client, pathOf({ customerId: CUSTOMER_ID, ...query }));
  expectStatus("GET /orders", answer, 200);
  const [failure, page] = validate(JSON.parse(answer.text), listStruct);
  expectThat("GET /orders", answer.text, failure === undefined, "orders and a cursor");
  return page ?? { orders: [] };
}
