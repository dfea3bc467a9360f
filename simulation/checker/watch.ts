import type { Plan } from "../plan";
import type { ObservedOrder } from "./observed-orders";

/**
 * - I1: an accepted order ends, and its customer is notified;
 * - I2: an end never changes, except that a redrive begins a new life of a FAILED order;
 * - I3: an order moves along its transitions only, its attempts are fenced, one runs at a time, they are
 *   bounded by what was kept, and a step has one idempotency key in a life;
 * - I4: a customer is notified of the end that the order has, and `notifiedAt` is written after that;
 * - I5: an order whose step kills its process fails, and alone;
 * - I6: attempts keep their backoff, which only a cancellation cuts short, and an order is given up only
 *   after all of them;
 * - I7: the reconciler sends a bounded number of messages, and not two in a row about one order;
 * - I8: requests with one idempotency key make one order and one message;
 * - I10: a step that is kept does not run again in its life, and gives what was kept;
 * - I11: what steps have done is undone exactly where the order did not end COMPLETED, or the order says
 *   that its undo has failed;
 * - I12: a cancellation and a completion have one winner, and no step begins after a cancellation;
 * - I13: a wait is never shorter than asked, but for a cancellation;
 * - I14: an order's history has each write of it, in at most 50 entries.
 */
export type Invariant =
  "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I10" | "I11" | "I12" | "I13" | "I14";

/** What broke a promise. */
export interface Violation {
  invariant: Invariant;
  what: string;
}

/** What the checks of all promises share. */
export interface Watch {
  plan: Plan;
  now: () => number;
  /** How much too early something may seem to be: clocks differ, and writes take their time. */
  toleranceMs: number;
  violations: Violation[];
  violated: (invariant: Invariant, order: ObservedOrder, what: string) => void;
  isRestored: () => boolean;
  /** What was done and notified before a restore counts no more: only I1 and I7 hold all the same. */
  restored(): void;
}

/** What passes between a clock that is read and the write that it goes into. */
const SLACK_MS = 30_000;

export function makeWatch(
  plan: Plan,
  now: () => number,
  nameOf: (orderId: string) => string,
): Watch {
  const violations: Violation[] = [];
  let isRestored = false;
  return {
    plan,
    now,
    toleranceMs: 2 * plan.clockSkewMs + SLACK_MS,
    violations,
    violated(invariant, { orderId }, what) {
      if (isRestored && invariant !== "I1" && invariant !== "I7") return;
      violations.push({ invariant, what: `${nameOf(orderId)}: ${what}` });
    },
    isRestored: () => isRestored,
    restored() {
      isRestored = true;
    },
  };
}
