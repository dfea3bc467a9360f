import type { HistoryEntry } from "../../../handlers/history";
import type { AcceptanceCase, Client } from "../acceptance-case";
import { expectEqual, expectOrder, expectStatus, expectThat } from "../expect";
import { A_REQUEST, accepted, CUSTOMER_ID, get, notified, post, postRaw, send } from "../requests";

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Of every kind that JSON has, and what a careless server would change. */
const ODD_REQUEST = {
  customerId: CUSTOMER_ID,
  items: [
    { sku: "tea-é-🍵", quantity: 3, unitPrice: 0.1, own: { "": [null, 1.5e-300, "\u0000"] } },
  ],
  metadata: { list: [], empty: "", nested: { deep: [[[{}]]] }, true: false },
};

const MARKUP = "</script><script>alert(1)</script>&\u0000\u001b[31m\u007f\u0085\u2028\u2029";
/** Markup, control characters, and line ends that only JavaScript knows. */
const UNSAFE = /[<>&\p{Cc}\u2028\u2029]/u;

/** Names that every object has already. */
const INHERITED_NAMES = [
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"toString":1,"hasOwnProperty":1,"valueOf":null}',
];

const ANY_TYPE = ["application/x-www-form-urlencoded", "text/plain", "application/octet-stream"];

export const ORDER_CASES: AcceptanceCase[] = [
  {
    id: "orders/accept",
    title: "POST responds with 202, the order and its Location",
    async run(client) {
      const answer = await post(client, A_REQUEST);
      const { orderId, createdAt, ...order } = expectOrder("POST /orders", answer, 202);
      expectEqual("the order", order, { ...A_REQUEST, status: "RECEIVED", updatedAt: createdAt });
      expectThat("createdAt", createdAt, ISO_TIME.test(createdAt), "an ISO 8601 time in UTC");
      const path = `${new URL(client.apiUrl).pathname}orders/${orderId}`;
      expectEqual("Location", answer.headers.get("location"), path);
    },
  },
  {
    id: "orders/get",
    title: "GET responds with the order as it was accepted",
    async run(client) {
      const { orderId, createdAt } = await accepted(client);
      const answer = await get(client, `orders/${orderId}`);
      const { customerId, items, ...order } = expectOrder("GET", answer, 200);
      expectEqual("the request in it", { customerId, items }, A_REQUEST);
      expectEqual("createdAt", order.createdAt, createdAt);
      expectEqual("orderId", order.orderId, orderId);
    },
  },
  {
    id: "orders/trailing-slash",
    title: "a slash at the end of a path changes nothing",
    async run(client) {
      const answer = await send(client, "POST", "orders/", { body: JSON.stringify(A_REQUEST) });
      const { orderId } = expectOrder("POST /orders/", answer, 202);
      const path = `${new URL(client.apiUrl).pathname}orders/${orderId}`;
      expectEqual("Location", answer.headers.get("location"), path);
      expectOrder("GET", await get(client, `orders/${orderId}/`), 200);
    },
  },
  {
    id: "orders/complete",
    title:
      "an order ends COMPLETED and notified, its fields unchanged, with no others than documented",
    async run(client) {
      const { orderId, createdAt } = await accepted(client, ODD_REQUEST);
      const { totals: _totals, progress: _progress, ...ended } = await notified(client, orderId);
      const { completedAt = "", notifiedAt = "" } = ended;
      const times = { createdAt, updatedAt: completedAt, completedAt, notifiedAt };
      expectEqual("the order", ended, { orderId, ...ODD_REQUEST, status: "COMPLETED", ...times });
      const areTimes = Object.values(times).every((time) => ISO_TIME.test(time));
      expectThat("times", times, areTimes, "ISO 8601 times in UTC");
    },
  },
  {
    id: "orders/totals",
    title: "totals are exact: an amount where every item has a price, else units only",
    async run(client) {
      const unpriced = { ...A_REQUEST, items: [...A_REQUEST.items, {}] };
      const orders = [await accepted(client), await accepted(client, unpriced)];
      const [priced, others] = await Promise.all(
        orders.map(async ({ orderId }) => (await notified(client, orderId)).totals),
      );
      expectEqual("totals", priced, { units: 3, amount: 0.3 });
      expectEqual("totals without a price", others, { units: 4 });
    },
  },
  {
    id: "orders/history",
    title: "the history has an entry for each change, and no value of the request",
    async run(client) {
      const { orderId } = await accepted(client);
      await notified(client, orderId);
      const answer = await get(client, `orders/${orderId}/history`);
      expectStatus("GET of the history", answer, 200);
      const { history, ...others } = JSON.parse(answer.text) as { history: HistoryEntry[] };
      expectEqual("what is beside the history", others, { orderId });
      const changes = history.map(({ change, to }) => `${change}: ${to}`);
      const expected = ["accept: RECEIVED", "claim: PROCESSING"];
      expectEqual("the first changes", changes.slice(0, 2), expected);
      const last = ["complete: COMPLETED", "notify: COMPLETED"];
      expectEqual("the last changes", changes.slice(-2), last);
      const isBare = !answer.text.includes("tea") && !answer.text.includes(CUSTOMER_ID);
      expectThat("the history", answer.text, isBare, "no value of the request in it");
    },
  },
  {
    id: "orders/any-content-type",
    title: "an order is accepted with any Content-Type",
    async run(client) {
      for (const type of ANY_TYPE) {
        const headers = { "Content-Type": type };
        expectOrder(`POST as ${type}`, await post(client, A_REQUEST, headers), 202);
      }
    },
  },
  {
    id: "orders/inherited-names",
    title: "names that every object inherits are stored and returned unchanged",
    async run(client) {
      for (const metadata of INHERITED_NAMES) await expectKept(client, metadata);
    },
  },
  {
    id: "orders/markup",
    title: "a response has no markup and no control character in it, and is the same JSON",
    async run(client) {
      const { orderId } = await accepted(client, { ...A_REQUEST, items: [{ [MARKUP]: MARKUP }] });
      const answer = await get(client, `orders/${orderId}`);
      const { items } = expectOrder("GET", answer, 200);
      expectEqual("items", items, [{ [MARKUP]: MARKUP }]);
      expectThat("the body", answer.text, !UNSAFE.test(answer.text), "no markup in it");
    },
  },
];

async function expectKept(client: Client, metadata: string): Promise<void> {
  const body = `{"customerId":"${CUSTOMER_ID}","items":[{}],"metadata":${metadata}}`;
  const order = expectOrder(`POST with ${metadata}`, await postRaw(client, body), 202);
  expectEqual("metadata", order.metadata, JSON.parse(metadata));
}
