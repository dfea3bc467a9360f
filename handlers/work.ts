import type { StoredOrder } from "./life";
import type { Totals } from "./order";
import type { WaitTime } from "./wait-time";

/** COMPLETED with these totals, or REJECTED for this reason, which the customer is notified of. */
export type Fulfilment = { totals: Totals } | { rejected: string };

/** What the undo has to work with. */
export interface UndoWork {
  /**
   * The same at every try of that step in one life of an order, new after a redrive: hand it on to whatever
   * charges or reserves, so that it does so once. Not a fencing token: that is another in each attempt.
   */
  idempotencyKey(step: string): string;
  /**
   * Runs `run` with the step's idempotency key, keeps its result in the table, and gives it back as JSON keeps
   * it. Where the result is kept already, `run` is not called. Rejects with what `run` throws.
   */
  step<T>(name: string, run: (idempotencyKey: string) => T | Promise<T>): Promise<T>;
}

/** What the business step has to work with. One step or wait at a time, each by a name of its own. */
export interface Work extends UndoWork {
  /** The order is left alone until then, and costs nothing; a wait that has passed stays passed. */
  wait(name: string, time: WaitTime): Promise<void>;
}

/** A step of the business step that was kept, for the undo. */
export interface KeptStep {
  step: string;
  at: string;
  result?: unknown;
}

/** Those of the business step, newest first. */
export function keptSteps({ kept }: StoredOrder): KeptStep[] {
  return kept.toReversed().flatMap((each) => {
    if (each.kind !== "step") return [];
    const { name, at, result } = each;
    return [{ step: name, at, ...(result !== undefined && { result }) }];
  });
}
