import { Big } from "big.js";
import type { Order, Totals } from "./order";

/**
 * The business step: put your own here (reserve stock, take the payment, call a warehouse).
 * It runs while the order is PROCESSING; what it returns is stored with COMPLETED.
 *
 * Keep three promises:
 * - Idempotent by `order.orderId`: it may run again for the same order, after a crash or a timeout,
 *   and even twice at once where a first run outlives its lease. Pass the orderId on as the
 *   idempotency key of whatever it calls.
 * - Done within `processing.timeoutSeconds` of the stack's config; several orders share one run.
 * - Throw when it could not be done. The order is tried again, and FAILED after
 *   `processing.maxReceiveCount` tries.
 *
 * Imports of packages are fine; module-level state is not (see docs/handlers.md).
 */
// eslint-disable-next-line @typescript-eslint/require-await -- a real step has something to await
export async function fulfilOrder(order: Order): Promise<{ totals: Totals }> {
  return { totals: totalsOf(order) };
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
