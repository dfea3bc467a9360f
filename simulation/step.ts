import { abandonOrder, type Fulfilment, fulfilOrder, type Work } from "../handlers/fulfil-order";
import type { Order } from "../handlers/order";
import type { Invocation } from "./invocation";
import type { Lambda } from "./lambda";
import type { Behaviour } from "./plan";
import type { World } from "./world";

/** The business step and its undo, which behave for each order as its plan says. */
export interface Step {
  fulfil(invocation: Invocation, order: Order, work: Work): Promise<Fulfilment>;
  abandon(invocation: Invocation, order: Order, work: Work): Promise<void>;
  /** Forgets how often the step ran for the order of this name. */
  forget(name: string): void;
}

interface StepRun {
  what: "step" | "undo";
  invocation: Invocation;
  order: Order;
  work: Work;
}

export function makeStep(
  { plan, plannedOrders, names, checker, trace }: World,
  lambda: Lambda,
): Step {
  const runs = new Map<string, number>();

  function nextRun(key: string): number {
    const run = (runs.get(key) ?? 0) + 1;
    runs.set(key, run);
    return run;
  }

  function behaviourOf({ order, what }: StepRun): Behaviour {
    return plannedOrders.get(order.customerId)?.[what] ?? { kind: "works" };
  }

  async function fail(invocation: Invocation, kind: "throws" | "kills" | "hangs"): Promise<never> {
    if (kind === "throws") throw new Error("the step has failed");
    if (kind === "kills") lambda.kill(invocation);
    await lambda.sleep(invocation, 2 * plan.timeoutSeconds * 1000);
    throw new Error("the step took too long");
  }

  /** Whether it is to reject the order, once it has come that far. */
  async function behave(run: StepRun, key: string): Promise<boolean> {
    const { invocation, what } = run;
    const behaviour = behaviourOf(run);
    const n = nextRun(key);
    await lambda.call(invocation, "step", what, () => undefined);
    if ("times" in behaviour && n <= behaviour.times) {
      trace?.(invocation.key, `${key} ${behaviour.kind}`);
      await fail(invocation, behaviour.kind);
    }
    return behaviour.kind === "rejects";
  }

  /** `real` is the handlers' own. */
  async function checked<T>(run: StepRun, real: () => Promise<T>, rejection: T): Promise<T> {
    const { invocation, what, order, work } = run;
    const { orderId } = order;
    const key = `${what} of ${names.of(orderId)}`;
    trace?.(invocation.key, `${key} begins`);
    const isUndo = what === "undo";
    const watched = checker.stepStarts(invocation, orderId, isUndo, work.idempotencyKey);
    let isDone = false;
    try {
      const result = (await behave(run, key)) ? rejection : await real();
      isDone = true;
      return result;
    } finally {
      checker.stepEnds(watched, isDone);
    }
  }

  return {
    fulfil: (invocation, order, work) =>
      checked({ what: "step", invocation, order, work }, () => fulfilOrder(order, work), {
        rejected: "the card was declined",
      }),
    abandon: (invocation, order, work) =>
      checked(
        { what: "undo", invocation, order, work },
        () => abandonOrder(order, work),
        undefined,
      ),
    forget: (name) => void runs.delete(`step of ${name}`),
  };
}
