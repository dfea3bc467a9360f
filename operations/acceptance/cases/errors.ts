import type { AcceptanceCase } from "../acceptance-case";
import { expectEqual, expectProblem, expectStatus, expectThat } from "../expect";
import { A_REQUEST, get, post, postRaw, send, UNKNOWN_ORDER_ID } from "../requests";

const SENT_VALUE = "personal-4711-personal";

export const ERROR_CASES: AcceptanceCase[] = [
  {
    id: "errors/unknown-order",
    title: "an order that there is not, and an id that is none: 404",
    async run(client) {
      const none = ["none", "{}", UNKNOWN_ORDER_ID.toUpperCase(), "x".repeat(1_000)];
      for (const orderId of [UNKNOWN_ORDER_ID, ...none]) {
        expectProblem(`GET of ${orderId}`, await get(client, `orders/${orderId}`), 404);
        const history = await get(client, `orders/${orderId}/history`);
        expectProblem(`GET of the history of ${orderId}`, history, 404);
      }
    },
  },
  {
    id: "errors/unknown-route",
    title: "a path that there is not: 404",
    async run(client) {
      for (const path of ["", "order", "orders/1/items", "orders/1/history/2"]) {
        expectProblem(`GET /${path}`, await get(client, path), 404);
      }
    },
  },
  {
    id: "errors/wrong-method",
    title: "a method that a path has not: 404",
    async run(client) {
      const isOpen = client.token === undefined;
      const requests = [
        ...(isOpen ? [["GET", "orders"] as const] : []),
        ["PUT", "orders"],
        ["PATCH", `orders/${UNKNOWN_ORDER_ID}`],
        ["POST", `orders/${UNKNOWN_ORDER_ID}`],
      ] as const;
      for (const [method, path] of requests) {
        expectProblem(`${method} /${path}`, await send(client, method, path), 404);
      }
    },
  },
  {
    id: "errors/no-cors",
    title: "a browser's preflight request: 404, and no CORS headers",
    async run(client) {
      const headers = {
        Origin: "https://shop.example",
        "Access-Control-Request-Method": "POST",
      };
      const answer = await send(client, "OPTIONS", "orders", { headers });
      expectProblem("OPTIONS", answer, 404);
      const name = "access-control-allow-origin";
      expectEqual(name, answer.headers.get(name), null);
    },
  },
  {
    id: "errors/malformed-path",
    title: "a path that cannot be decoded: 400",
    async run(client) {
      expectProblem("GET /orders/%E0%A4%A", await get(client, "orders/%E0%A4%A"), 400);
    },
  },
  {
    id: "errors/other-stage",
    title: "a stage that there is not: 403",
    async run(client) {
      const stage = new URL("../no-such-stage/orders", client.apiUrl).pathname;
      expectStatus(`GET ${stage}`, await get(client, stage), 403);
    },
  },
  {
    id: "errors/no-value-repeated",
    title: "errors of both layers do not repeat what was sent",
    async run(client) {
      const key = { "Idempotency-Key": `${SENT_VALUE} ${SENT_VALUE}` };
      const long = { ...A_REQUEST, customerId: SENT_VALUE.repeat(10) };
      const answers = [
        expectProblemWith(400, await postRaw(client, SENT_VALUE)),
        expectProblemWith(400, await postRaw(client, `{"customerId":"${SENT_VALUE}`)),
        expectProblemWith(400, await post(client, long)),
        expectProblemWith(400, await post(client, { ...A_REQUEST, status: SENT_VALUE })),
        expectProblemWith(400, await post(client, { customerId: SENT_VALUE, items: [SENT_VALUE] })),
        expectProblemWith(400, await post(client, A_REQUEST, key)),
        expectProblemWith(404, await get(client, `orders/${SENT_VALUE}`)),
        expectProblemWith(404, await get(client, `${SENT_VALUE}?${SENT_VALUE}`)),
      ];
      for (const text of answers) {
        expectThat("the body", text, !text.includes(SENT_VALUE), `no ${SENT_VALUE} in it`);
      }
    },
  },
];

function expectProblemWith(status: 400 | 404, answer: Parameters<typeof expectProblem>[1]): string {
  expectProblem("the response", answer, status);
  return answer.text;
}
