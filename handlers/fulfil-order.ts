import { Big } from "big.js";
import type { Order, Totals } from "./order";
import type { Fulfilment, KeptStep, UndoWork, Work } from "./work";

/**
 * The business step: put your own here. It runs while the order is PROCESSING, in steps of its own:
 *
 *     const payment = await work.step("charge", (key) => charge(order, key));
 *     await work.wait("pickup", { minutes: 30 });
 *
 * It has three ways to end:
 * - it returns `{ totals }`: the order is COMPLETED;
 * - it returns `{ rejected: reason }`, for a refusal that no repetition changes (card declined): the order
 *   is REJECTED, after its undo;
 * - it throws, for what passes (a provider that is down): it runs again after a backoff. After
 *   `processing.maxAttempts` times without a new step kept, its undo runs, and the order is FAILED.
 *
 * It runs again from its start, after a crash, a failure or a wait: a step that is kept is not run again, all
 * other code is. A step may run twice too, if its process dies before its result is kept, and even while
 * an earlier run that was too slow is still under way: what it does to others, it does under the idempotency
 * key that it is given. What runs between two waits is done within `processing.timeoutSeconds` of the
 * stack's config: its process is killed then.
 *
 * Imports of packages are fine; module-level state is not (see docs/handlers.md).
 */
// eslint-disable-next-line @typescript-eslint/require-await -- a real step has something to await
export async function fulfilOrder(order: Order, _work: Work): Promise<Fulfilment> {
  // `npm run smoke` orders as the customer "smoke-test": return here what costs nothing and ships nothing.
  return { totals: totalsOf(order) };
}

/**
 * The undo: called before an order becomes REJECTED, FAILED or CANCELLED, with the steps that were kept, newest
 * first. What it does is best done in steps of its own, by other names (`undo:charge`). A step that is not
 * among `kept` may have had its effect all the same, if its process died before it was kept: give back what
 * was done under its `work.idempotencyKey`, and nothing else, and let the provider cancel the key, as a
 * slow step may still be running. What it throws is tried again, `processing.maxAttempts` times without a
 * new step kept; after that the order ends with `undoFailed`, and a person must look.
 */
export async function abandonOrder(
  _order: Order,
  _kept: KeptStep[],
  _work: UndoWork,
): Promise<void> {
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
