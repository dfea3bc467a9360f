import type { HistoryEntry } from "../../../handlers/history";
import type { Order } from "../../../handlers/order";
import { type AcceptanceCase, type Client, NotRun } from "../acceptance-case";
import { expectEqual, expectOrder, expectProblem, expectStatus, expectThat } from "../expect";
import { accepted, cancel, get, notified, UNKNOWN_ORDER_ID } from "../requests";

/** So many that workers do not keep up with them. */
const AT_ONCE = 10;
const ROUNDS = 4;

const ENDS = ["complete", "reject", "give up", "cancel"];

export const CANCEL_CASES: AcceptanceCase[] = [
  {
    id: "cancel/unknown",
    title: "DELETE of an order that there is not responds with 404",
    async run(client) {
      for (const orderId of [UNKNOWN_ORDER_ID, "none", UNKNOWN_ORDER_ID.toUpperCase()]) {
        expectProblem(`DELETE of ${orderId}`, await cancel(client, orderId), 404);
      }
    },
  },
  {
    id: "cancel/ended",
    title: "DELETE of a COMPLETED order responds with 409 and changes nothing",
    async run(client) {
      const { orderId } = await accepted(client);
      const before = await notified(client, orderId);
      expectEqual("status", before.status, "COMPLETED");
      expectProblem("DELETE", await cancel(client, orderId), 409);
      const after = expectOrder("GET", await get(client, `orders/${orderId}`), 200);
      expectEqual("the order afterwards", after, before);
    },
  },
  {
    id: "cancel/accepted",
    title: "DELETE responds with 202, the order ends CANCELLED and notified, and DELETE with 200",
    async run(client) {
      const order = await cancelOne(client);
      const answer = await cancel(client, order.orderId);
      expectEqual("the order", expectOrder("a second DELETE", answer, 200), order);
      const { cancelledAt, completedAt, totals } = order;
      expectThat("cancelledAt", cancelledAt, cancelledAt !== undefined, "a time");
      expectEqual(
        "what only completed orders have",
        { completedAt, totals },
        {
          completedAt: undefined,
          totals: undefined,
        },
      );
    },
  },
  {
    id: "cancel/history",
    title: "the history of a CANCELLED order has the cancellation, and no end before it",
    async run(client) {
      const { orderId } = await cancelOne(client);
      const answer = await get(client, `orders/${orderId}/history`);
      expectStatus("GET of the history", answer, 200);
      const { history } = JSON.parse(answer.text) as { history: HistoryEntry[] };
      const ends = history.filter(({ change }) => ENDS.includes(change));
      expectEqual(
        "the ends",
        ends.map(({ change, to }) => [change, to]),
        [["cancel", "CANCELLED"]],
      );
    },
  },
];

/**
 * Cancels orders as soon as they are accepted, until a cancellation has won against its order's completion.
 * Each must have the one end that its response to DELETE has promised.
 */
async function cancelOne(client: Client): Promise<Order> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const ended = await Promise.all(Array.from({ length: AT_ONCE }, () => cancelNew(client)));
    const cancelled = ended.find(({ status }) => status === "CANCELLED");
    if (cancelled) return cancelled;
  }
  throw new NotRun(`all of ${ROUNDS * AT_ONCE} orders ended before their cancellation`);
}

async function cancelNew(client: Client): Promise<Order> {
  const { orderId } = await accepted(client);
  const answer = await cancel(client, orderId);
  if (answer.status === 409) expectProblem("DELETE", answer, 409);
  else expectOrder("DELETE", answer, 202);
  const ended = await notified(client, orderId);
  const promised = answer.status === 409 ? "COMPLETED" : "CANCELLED";
  expectEqual(`the end after DELETE had ${answer.status}`, ended.status, promised);
  return ended;
}
