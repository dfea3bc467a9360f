import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Order } from "../handlers/order";
import { orderWith } from "./causes";
import type { Scene } from "./stack";

/** Customers of the stack: what they are answered, and the orders that were accepted from them. */
export interface Customers {
  /** How often each status was the answer to a POST. */
  readonly answers: ReadonlyMap<number, number>;
  readonly orderIds: readonly string[];
  /** Posts no more; ends once each order that was tried is accepted. */
  stop(): Promise<void>;
}

const PAUSE_MILLISECONDS = 700;

/** Posts an order every now and then, each with a key and until it is accepted, as a good client does. */
export function sendOrders({ laptop, provider: { url: provider } }: Scene): Customers {
  const answers = new Map<number, number>();
  const orderIds: string[] = [];
  let stopped = false;

  async function postUntilAccepted(): Promise<void> {
    const headers = { "Idempotency-Key": randomUUID() };
    for (;;) {
      const response = await laptop.post(orderWith({ provider }), headers);
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
      const body = (await response.json()) as Order;
      if (response.status === 202) {
        orderIds.push(body.orderId);
        return;
      }
      if (response.status < 500 && response.status !== 429)
        throw new Error(`an order was answered ${response.status}`);
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }

  async function post(): Promise<void> {
    while (!stopped) {
      await postUntilAccepted();
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }

  const posting = post();
  // Whoever stops them learns of what went wrong.
  posting.catch(() => undefined);
  return {
    answers,
    orderIds,
    async stop() {
      stopped = true;
      await posting;
    },
  };
}
