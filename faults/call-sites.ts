import type { CountedCall } from "../laptop/endpoint/fault-injection";
import type { Scenario } from "./scenarios";

/** One call on an order's way: the n-th that a function makes of an action about this order. */
export interface CallSite {
  scenario: Scenario;
  caller: string;
  action: string;
  n: number;
  /** What the call does to the order where nothing goes wrong. */
  effect: string | undefined;
}

/** Numbers the calls about each order: the SDK's retries of a call keep its number. */
export function makeCallNumbers() {
  const counts = new Map<string, number>();
  const numbers = new Map<string, number>();
  return (call: CountedCall, orderId: string): number => {
    const id = `${call.invocationId} ${orderId}`;
    const kind = [orderId, call.caller, call.action].join(" ");
    const n = numbers.get(id) ?? (counts.get(kind) ?? 0) + 1;
    if (!numbers.has(id)) counts.set(kind, n);
    numbers.set(id, n);
    return n;
  };
}

/** What makes two calls the same for the matrix: one of them is enough. */
export function nameOfCallSite({ caller, action, effect }: CallSite): string {
  return `${caller} | ${action}${effect === undefined ? "" : `: ${effect}`}`;
}
