import { orderMessage } from "../handlers/order-message";
import { MAX_RECEIVE_COUNT, QUEUE_RETENTION_SECONDS, VISIBILITY_FACTOR } from "../infra/life-times";
import { makeQueue, type Queue } from "./queue";
import type { World } from "./world";

export interface OrdersQueue extends Omit<Queue, "send"> {
  /** Sends a message about the order; SQS may duplicate it, and may take its time. */
  send(orderId: string): void;
  /** Forgets how many messages there were about the order of this name. */
  forget(name: string): void;
}

/** The queue as infra/ declares it. */
export function makeOrdersQueue({ plan, clock, draws, faults, names, since }: World): OrdersQueue {
  const sends = new Map<string, number>();
  const queue = makeQueue(clock, {
    visibilityMs: VISIBILITY_FACTOR * plan.timeoutSeconds * 1000,
    retentionMs: QUEUE_RETENTION_SECONDS * 1000,
    maxReceiveCount: MAX_RECEIVE_COUNT,
    reorder: (id, receives) => draws.of(`reorder ${id} ${receives}`) * 2000,
  });

  const delayOf = (id: string) =>
    draws.of(`slow ${id}`) < 0.9 ? 1 : draws.magnitude(`delay ${id}`, 10, 60_000);

  return {
    ...queue,
    send(orderId) {
      const name = names.of(orderId);
      const sent = sends.get(name) ?? 0;
      const isDuplicated = faults.other(`message of ${name} ${sent}`, "duplicated", since());
      const copies = isDuplicated ? 2 : 1;
      sends.set(name, sent + copies);
      for (let n = sent + 1; n <= sent + copies; n += 1) {
        const id = `${name}/${n}`;
        queue.send(id, orderMessage(orderId), delayOf(id));
      }
    },
    forget: (name) => void sends.delete(name),
  };
}
