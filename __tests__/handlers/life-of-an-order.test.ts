import fc from "fast-check";
import { makeCreateOrder } from "../../handlers/create-order";
import { makeFailOrder } from "../../handlers/fail-order";
import { orderIdFor, type Notification } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-messages";
import { makeProcessOrder } from "../../handlers/process-order";
import { makeRecordNotification } from "../../handlers/record-notification";
import { isEdge } from "../../faults/ledger";
import { snsEvent } from "../../local/topic-subscription";
import { captureLogs } from "../support/capture-logs";
import { httpEvent } from "../support/http-event";
import { makeMemoryTable } from "../support/memory-table";
import { aRequest, NOW } from "../support/orders";
import { aBatch } from "../support/sqs-event";

captureLogs();

const KEYS = ["key-0000000000000001", "key-0000000000000002"];
const LEASE_MILLISECONDS = 30_000;
const MAX_RECEIVES = 3;

/** Where a handler may break off: before or after a step has had its effect. */
const BREAKS = [
  "nowhere",
  "before enqueue",
  "after enqueue",
  "after claim",
  "in the business step",
  "after complete",
  "after fail",
  "before publish",
  "after publish",
  "before record",
  "after record",
] as const;
type Break = (typeof BREAKS)[number];

const action = fc.record({
  what: fc.constantFrom(
    "post" as const,
    "process" as const,
    "process, outliving the lease" as const,
    "fail" as const,
    "record" as const,
    "deliver twice" as const,
    "dead-letter" as const,
    "wait" as const,
    "redrive" as const,
  ),
  breaksOff: fc.constantFrom(...BREAKS),
  which: fc.nat(1),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

interface Message {
  orderId: string;
  receives: number;
}

/** The whole system on queues, a topic and a table in memory, broken off wherever an action says. */
function makeSystem() {
  const table = makeMemoryTable();
  const accepted = new Set<string>();
  const told: Notification[] = [];
  const queue: Message[] = [];
  const deadLetters: Message[] = [];
  const topic: Notification[] = [];
  let clock = NOW.getTime();
  let breaksOff: Break = "nowhere";
  let meanwhile: (() => Promise<void>) | undefined;

  const now = () => new Date((clock += 1000));
  const point = (here: Break) => {
    if (breaksOff !== here) return;
    breaksOff = "nowhere";
    throw new Error(`broke off ${here}`);
  };
  const notifyCustomer = (notification: Notification) => {
    point("before publish");
    told.push(notification);
    topic.push(notification);
    point("after publish");
    return Promise.resolve();
  };

  const create = makeCreateOrder({
    ...table,
    enqueueOrder(orderId) {
      point("before enqueue");
      queue.push({ orderId, receives: 0 });
      point("after enqueue");
      return Promise.resolve();
    },
    isRetryable: () => true,
    now,
    newOrderId: () => "never without a key",
  });
  const process = makeProcessOrder({
    ...table,
    async claimOrder(...args) {
      const claim = await table.claimOrder(...args);
      if (claim.state === "claimed") point("after claim");
      return claim;
    },
    async fulfilOrder() {
      point("in the business step");
      const run = meanwhile;
      meanwhile = undefined;
      await run?.();
      return { totals: { units: 1 } };
    },
    async completeOrder(...args) {
      const order = await table.completeOrder(...args);
      point("after complete");
      return order;
    },
    notifyCustomer,
    now,
    leaseMilliseconds: LEASE_MILLISECONDS,
  });
  const fail = makeFailOrder({
    async failOrder(...args) {
      const failure = await table.failOrder(...args);
      point("after fail");
      return failure;
    },
    notifyCustomer,
    now,
  });
  const record = makeRecordNotification({
    async recordNotified(...args) {
      point("before record");
      const outcome = await table.recordNotified(...args);
      point("after record");
      return outcome;
    },
    now,
  });

  async function post(which: number): Promise<number> {
    const key = KEYS[which] ?? "";
    const headers: [string, string][] = [["Idempotency-Key", key]];
    const { statusCode } = await create(httpEvent({ body: JSON.stringify(aRequest), headers }));
    if (statusCode === 202) accepted.add(orderIdFor(aRequest.customerId, key));
    return statusCode;
  }

  /** One delivery from a queue; what fails too often goes on to the next one, if there is one. */
  async function deliver(from: Message[], which: number, next?: Message[]): Promise<void> {
    const message = from[which % Math.max(1, from.length)];
    if (!message) return;
    const remove = () => {
      if (from.includes(message)) from.splice(from.indexOf(message), 1);
    };
    if (next && message.receives >= MAX_RECEIVES) {
      remove();
      next.push({ ...message, receives: 0 });
      return;
    }
    message.receives += 1;
    const handle = from === queue ? process : fail;
    const { batchItemFailures } = await handle(aBatch(orderMessage(message.orderId)));
    if (batchItemFailures.length === 0) remove();
  }

  async function recordOne(which: number): Promise<void> {
    const notification = topic[which % Math.max(1, topic.length)];
    if (!notification) return;
    const envelope = { MessageId: "m", TopicArn: "t", Subject: null, Timestamp: NOW.toISOString() };
    const event = snsEvent(JSON.stringify({ ...envelope, Message: JSON.stringify(notification) }));
    await record(event).then(
      () => topic.splice(topic.indexOf(notification), 1),
      () => undefined,
    );
  }

  return {
    table,
    accepted,
    told,
    async take({ what, which, breaksOff: where }: Action): Promise<void> {
      breaksOff = where;
      switch (what) {
        case "post":
          await post(which);
          break;
        case "process":
          await deliver(queue, which, deadLetters);
          break;
        case "process, outliving the lease":
          meanwhile = async () => {
            clock += LEASE_MILLISECONDS + 1000;
            queue.push(...queue.slice(0, 1));
            await deliver(queue, which, deadLetters);
            await deliver(deadLetters, which);
          };
          await deliver(queue, which, deadLetters);
          meanwhile = undefined;
          break;
        case "fail":
          await deliver(deadLetters, which);
          break;
        case "record":
          await recordOne(which);
          break;
        case "deliver twice":
          queue.push(...queue.slice(0, 1).map((message) => ({ ...message })));
          topic.push(...topic.slice(0, 1));
          break;
        case "dead-letter":
          deadLetters.push(...queue.splice(0, 1).map((message) => ({ ...message, receives: 0 })));
          break;
        case "wait":
          clock += LEASE_MILLISECONDS + 1000;
          break;
        case "redrive": {
          const orderId = orderIdFor(aRequest.customerId, KEYS[which] ?? "");
          const known = await table.readOrder(orderId);
          if (known?.order.status === "FAILED") queue.push({ orderId, receives: 0 });
        }
      }
      breaksOff = "nowhere";
    },
    /** Lets everything come to its end, without faults; clients repeat what was not accepted. */
    async settle(): Promise<void> {
      for (const which of KEYS.keys()) expect(await post(which)).toBe(202);
      for (let round = 0; queue.length + deadLetters.length + topic.length > 0; round += 1) {
        expect(round).toBeLessThan(200);
        clock += LEASE_MILLISECONDS + 1000;
        await deliver(queue, 0, deadLetters);
        await deliver(deadLetters, 0);
        await recordOne(0);
      }
    },
  };
}

describe("whatever happens to an order", () => {
  it("it ends, its customer is told, and no step is taken that is not one of its life", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const system = makeSystem();
        for (const each of actions) await system.take(each);
        await system.settle();

        expect(system.accepted.size).toBe(KEYS.length);
        for (const orderId of system.accepted) {
          const history = system.table.history.get(orderId) ?? [];
          expect(history.filter(({ status }) => status === "RECEIVED")).toHaveLength(1);
          for (const [i, step] of history.slice(1).entries()) {
            const before = history[i];
            if (!before) continue;
            seen.add(`${before.status} → ${step.status}`);
            expect([before, step, isEdge(before, step)]).toEqual([before, step, true]);
          }
          const known = await system.table.readOrder(orderId);
          expect(["COMPLETED", "FAILED"]).toContain(known?.order.status);
          expect(known?.order.notifiedAt).toBeDefined();
          const ends = system.told.filter((notification) => notification.orderId === orderId);
          expect(ends.map(({ status }) => status)).toContain(known?.order.status);
        }
      }),
      { numRuns: 2000 },
    );
    // The property is worth something only if it gets everywhere.
    expect([...seen].sort()).toEqual([
      "COMPLETED → COMPLETED",
      "FAILED → FAILED",
      "FAILED → PROCESSING",
      "PROCESSING → COMPLETED",
      "PROCESSING → FAILED",
      "PROCESSING → PROCESSING",
      "RECEIVED → FAILED",
      "RECEIVED → PROCESSING",
    ]);
  });
});
