import type { ObservedOrder } from "./observed-orders";
import type { Watch } from "./watch";

/** What one run of the reconciler does, as far as it is checked. */
export interface ReconcilerRun {
  /** It was answered how many messages wait. */
  saw(waiting: number): void;
  sent(orderId: string): void;
}

// Written down once more, so that a wrong one in infra/ or handlers/ is noticed.
const NEXT_CHECK_MS = 300_000;
const MIN_MESSAGES = 10;
const MAX_MESSAGES = 3000;
const WAITING_PER_WORKER = 300;

/** Checks the messages that the reconciler sends. */
export function makeHints(watch: Watch, orderOf: (orderId: string) => ObservedOrder) {
  const { plan, now, toleranceMs, violated } = watch;
  let count = 0;

  /** Only without faults: the SDK repeats a message whose answer was lost. */
  function checkDistance(order: ObservedOrder): void {
    const isSoon = now() - order.lastHint < NEXT_CHECK_MS - toleranceMs;
    if (isSoon && plan.faultRate === 0 && plan.outages.length === 0) {
      violated("I7", order, "the reconciler sent two messages within its distance");
    }
    order.lastHint = now();
  }

  function run(): ReconcilerRun {
    const orderIds = new Set<string>();
    let room = MIN_MESSAGES;
    return {
      saw(waiting) {
        const free = WAITING_PER_WORKER * plan.maximumConcurrency - waiting;
        room = Math.max(MIN_MESSAGES, Math.min(MAX_MESSAGES, free));
      },
      sent(orderId) {
        const order = orderOf(orderId);
        count += 1;
        orderIds.add(orderId);
        if (orderIds.size > room) violated("I7", order, `one run sent more than ${room} messages`);
        checkDistance(order);
      },
    };
  }

  return { run, count: () => count };
}
