import { randomUUID } from "node:crypto";
import { type AcceptanceCase, type Client, NotRun } from "../acceptance-case";
import { type Answer, expectEqual, expectOrder, expectProblem, expectThat } from "../expect";
import { A_REQUEST, post, postRaw, send, UNKNOWN_ORDER_ID } from "../requests";

const REPLAYED = "idempotency-replayed";
const AT_ONCE = 5;

const MALFORMED_KEYS = {
  "of 15 characters": "x".repeat(15),
  "of 129 characters": "x".repeat(129),
  "with a space": `${"x".repeat(16)} y`,
  "of two values": `${"x".repeat(16)}, ${"y".repeat(16)}`,
};

const ROUTES = [
  ["POST", "orders"],
  ["GET", `orders/${UNKNOWN_ORDER_ID}`],
  ["GET", `orders/${UNKNOWN_ORDER_ID}/history`],
  ["DELETE", `orders/${UNKNOWN_ORDER_ID}`],
] as const;

export const KEY_CASES: AcceptanceCase[] = [
  {
    id: "keys/replay",
    title: "the same key and order again is a replay, whatever white space and order of names",
    async run(client) {
      const key = newKey();
      const first = await post(client, A_REQUEST, key);
      const { orderId } = expectOrder("the first POST", first, 202);
      expectEqual(`${REPLAYED} of the first`, first.headers.get(REPLAYED), null);
      const reversed = Object.fromEntries(Object.entries(A_REQUEST).reverse());
      const again = await postRaw(client, JSON.stringify(reversed, null, 2), key);
      const replayed = expectOrder("the second POST", again, 202);
      expectEqual("orderId of the second", replayed.orderId, orderId);
      expectEqual(`${REPLAYED} of the second`, again.headers.get(REPLAYED), "true");
    },
  },
  {
    id: "keys/at-once",
    title: `${AT_ONCE} concurrent requests with one key create one order`,
    async run(client) {
      const key = newKey();
      const posts = Array.from({ length: AT_ONCE }, () => post(client, A_REQUEST, key));
      const answers = await Promise.all(posts);
      const ids = answers.map((answer) => expectOrder("a concurrent POST", answer, 202).orderId);
      expectThat("their orderIds", ids, new Set(ids).size === 1, "one");
      const isNew = ({ headers }: Answer) => !headers.has(REPLAYED);
      expectEqual(`responses without ${REPLAYED}`, answers.filter(isNew).length, 1);
    },
  },
  {
    id: "keys/other-order",
    title: "the same key with another order is refused with 422",
    async run(client) {
      const key = newKey();
      expectOrder("the first POST", await post(client, A_REQUEST, key), 202);
      const other = await post(client, { ...A_REQUEST, items: [{}] }, key);
      expectProblem("the second POST", other, 422);
    },
  },
  {
    id: "keys/none",
    title: "the same order twice without a key is two orders",
    async run(client) {
      const first = expectOrder("the first POST", await post(client, A_REQUEST), 202);
      const answer = await post(client, A_REQUEST);
      const second = expectOrder("the second POST", answer, 202);
      const ids = [first.orderId, second.orderId];
      expectThat("their orderIds", ids, first.orderId !== second.orderId, "two");
      expectEqual(REPLAYED, answer.headers.get(REPLAYED), null);
    },
  },
  {
    id: "keys/malformed",
    title: "a malformed Idempotency-Key is refused with 400",
    async run(client) {
      for (const [what, key] of Object.entries(MALFORMED_KEYS)) {
        const answer = await post(client, A_REQUEST, { "Idempotency-Key": key });
        expectProblem(`a key ${what}`, answer, 400);
      }
    },
  },
  {
    id: "api-key/missing",
    title: "every route refuses a request without the API key with 403",
    async run(client) {
      for (const [method, path] of ROUTES) {
        const answer = await sendWithKey(client, method, path, undefined);
        expectProblem(`${method} /${path}`, answer, 403);
      }
    },
  },
  {
    id: "api-key/wrong",
    title: "a wrong API key is refused with 403",
    async run(client) {
      for (const wrong of ["", `${String(client.apiKey)}x`]) {
        const answer = await sendWithKey(client, "POST", "orders", wrong);
        expectProblem("POST with a wrong API key", answer, 403);
      }
    },
  },
];

function newKey(): Record<string, string> {
  return { "Idempotency-Key": randomUUID() };
}

async function sendWithKey(
  client: Client,
  method: "GET" | "POST" | "DELETE",
  path: string,
  key: string | undefined,
): Promise<Answer> {
  if (client.apiKey === undefined) throw new NotRun("the stack asks for no API key");
  const body = method === "POST" ? JSON.stringify(A_REQUEST) : null;
  return send({ ...client, apiKey: key }, method, path, { body });
}
