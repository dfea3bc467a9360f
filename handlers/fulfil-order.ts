import { Big } from "big.js";
import type { Order, Totals } from "./order";

/** COMPLETED with these totals, or REJECTED for this reason, which the customer is notified of. */
export type Fulfilment = { totals: Totals } | { rejected: string };

export interface Work {
  /**
   * The same in every attempt of one life of an order, new after a redrive: hand it on to whatever
   * charges or reserves, so that it does so once. Not a fencing token: that is another in each attempt.
   */
  idempotencyKey: string;
}

/**
 * The business step: put your own here (reserve stock, take the payment, call a warehouse).
 * It runs while the order is PROCESSING, and has three ways to end:
 * - it returns `{ totals }`: the order is COMPLETED;
 * - it returns `{ rejected: reason }`, for a refusal that no repetition changes (card declined): the order
 *   is REJECTED at once;
 * - it throws, for what passes (a provider that is down): it runs again after a backoff, up to
 *   `processing.maxAttempts` times in all. Then `abandonOrder` runs, and the order is FAILED.
 *
 * A replacement keeps two promises:
 * - It may run again for the same order, after a crash or a timeout, and even while an earlier run that
 *   was too slow is still under way. What it does to others is done under `work.idempotencyKey`.
 * - It is done within `processing.timeoutSeconds` of the stack's config: its process is killed then.
 *
 * Imports of packages are fine; module-level state is not (see docs/handlers.md).
 */
// eslint-disable-next-line @typescript-eslint/require-await -- a real step has something to await
export async function fulfilOrder(order: Order, _work: Work): Promise<Fulfilment> {
  return { totals: totalsOf(order) };
}

/**
 * The undo: called before an order becomes FAILED. FAILED does not mean that nothing was done: an attempt
 * may have taken the payment and died before it could say so. Give back here what attempts of this life may
 * have taken, found by the same `work.idempotencyKey`, and nothing else: a slow undo may still run when the
 * order has a new life. It may run more than once, and an attempt that was too slow may still be running:
 * let the provider cancel the key, so that a late charge is refused. What it throws is tried again,
 * `processing.maxAttempts` times; after that the order is FAILED with a reason that says so.
 */
export async function abandonOrder(_order: Order, _work: Work): Promise<void> {
  // The step above takes nothing.
}

/** An item without a quantity counts once. Decimal arithmetic: 3 × 0.1 is 0.3. */
function totalsOf({ items }: Order): Totals {
  const units = items.reduce((sum, { quantity = 1 }) => sum + quantity, 0);
  const amounts = items.map(({ quantity = 1, unitPrice }) =>
    unitPrice === undefined ? undefined : new Big(unitPrice).times(quantity),
  );
  if (!amounts.every((amount) => amount !== undefined)) return { units };
  const amount = amounts.reduce((sum, each) => sum.plus(each), new Big(0));
  return { units, amount: amount.toNumber() };
}
