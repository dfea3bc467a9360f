import { fulfilOrder } from "../handlers/fulfil-order";
import type { Order } from "../handlers/order";
import type { Fulfilment, KeptStep, UndoWork, Work } from "../handlers/work";
import type { WorkRun } from "./checker/checker";
import type { Invocation } from "./invocation";
import type { Lambda } from "./lambda";
import type { PlannedOrder } from "./planned-order";
import { type Behaviour, type Part, type PlannedStep, stepsOf } from "./program";
import { START, type World } from "./world";

/** The business step and its undo, which behave for each order as its plan says. */
export interface Step {
  fulfil(invocation: Invocation, order: Order, work: Work): Promise<Fulfilment>;
  abandon(invocation: Invocation, order: Order, kept: KeptStep[], work: UndoWork): Promise<void>;
  /** Forgets how often the steps ran for the order of this name. */
  forget(name: string): void;
}

/** A run of either, and what it has to work with. */
interface Running<W extends UndoWork> {
  invocation: Invocation;
  name: string;
  planned: PlannedOrder | undefined;
  work: W;
  watched: WorkRun;
}

export function makeStep(
  { plan, plannedOrders, names, checker, provider, trace }: World,
  lambda: Lambda,
): Step {
  /** By the order's name, and by what of it ran. */
  const runs = new Map<string, Map<string, number>>();

  function nextRun(name: string, what: string): number {
    let counts = runs.get(name);
    if (!counts) runs.set(name, (counts = new Map<string, number>()));
    const run = (counts.get(what) ?? 0) + 1;
    counts.set(what, run);
    return run;
  }

  async function fail(invocation: Invocation, kind: "throws" | "kills" | "hangs"): Promise<never> {
    if (kind === "throws") throw new Error("the step has failed");
    if (kind === "kills") lambda.kill(invocation);
    await lambda.sleep(invocation, 2 * plan.timeoutSeconds * 1000);
    throw new Error("the step took too long");
  }

  /** A call to what the step depends on, before or after which it may fail. */
  async function behave(
    { invocation, name }: Running<UndoWork>,
    what: string,
    behaviour: Behaviour,
    perform: () => void,
    isLate = true,
  ): Promise<void> {
    const n = nextRun(name, what);
    const fails = "times" in behaviour && n <= behaviour.times ? behaviour.kind : undefined;
    const failIfItDoes = async () => {
      if (fails === undefined) return;
      trace?.(invocation.key, `${what} of ${name} ${fails}`);
      await fail(invocation, fails);
    };
    if (!isLate) await failIfItDoes();
    await lambda.call(invocation, "step", what, perform);
    await failIfItDoes();
  }

  function begin<W extends UndoWork>(
    invocation: Invocation,
    { orderId, customerId }: Order,
    work: W,
    isUndo: boolean,
  ): Running<W> {
    const name = names.of(orderId);
    trace?.(invocation.key, `${isUndo ? "undo" : "step"} of ${name} begins`);
    const watched = checker.workStarts(invocation, orderId, isUndo, work.idempotencyKey("end"));
    return { invocation, name, planned: plannedOrders.get(customerId), work, watched };
  }

  /** A process has the code that was deployed when it began. */
  function partsFor({ invocation, planned }: Running<UndoWork>): Part[] {
    const isDeployed = invocation.startedAt >= START + (plan.deployAt ?? Infinity);
    return (isDeployed ? planned?.changed : undefined) ?? planned?.parts ?? [];
  }

  function effectOf({ watched, work }: Running<UndoWork>, step: string) {
    const { order, redrives } = watched;
    return { key: work.idempotencyKey(step), orderId: order.orderId, redrives, step };
  }

  /** Whether the step has had its effect. */
  async function runStep(run: Running<Work>, planned: PlannedStep): Promise<boolean> {
    const { step, behaviour, isLate, isOptional } = planned;
    const { invocation, watched, work, name } = run;
    try {
      const result = await work.step(step, async (key) => {
        trace?.(invocation.key, `${step} of ${name} begins`);
        const effect = { ...effectOf(run, step), key };
        checker.stepStarts(watched, step, effect.key);
        await behave(run, step, behaviour, () => provider.apply(effect), isLate);
        return { by: invocation.key };
      });
      checker.stepGave(watched, step, result);
      return true;
    } catch (error) {
      if (isOptional) return false;
      throw error;
    }
  }

  async function wait({ work, watched }: Running<Work>, name: string, milliseconds: number) {
    checker.waitAsked(watched, name, milliseconds);
    await work.wait(name, { seconds: milliseconds / 1000 });
    checker.waitPassed(watched, name);
  }

  /** Undoes one step: in a step of its own, or not. */
  async function undoStep(run: Running<UndoWork>, { step, undo }: PlannedStep): Promise<void> {
    const { watched, work } = run;
    const effect = effectOf(run, step);
    const name = `undo:${step}`;
    const cancel = () =>
      behave(run, name, undo ?? { kind: "works" }, () => provider.cancel(effect));
    if (undo === undefined) return cancel();
    const result = await work.step(name, async () => {
      checker.stepStarts(watched, name, work.idempotencyKey(name));
      await cancel();
      return "undone";
    });
    checker.stepGave(watched, name, result);
  }

  return {
    async fulfil(invocation, order, work) {
      const run = begin(invocation, order, work, false);
      const done: string[] = [];
      for (const part of partsFor(run)) {
        if ("wait" in part) await wait(run, part.wait, part.milliseconds);
        else if (await runStep(run, part)) done.push(part.step);
      }
      const { step = { kind: "works" } } = run.planned ?? {};
      await behave(run, "step", step, () => undefined);
      const isRejected = step.kind === "rejects";
      const fulfilment = isRejected
        ? { rejected: "the card was declined" }
        : await fulfilOrder(order, work);
      checker.workReturned(run.watched, isRejected ? "rejected" : done);
      return fulfilment;
    },

    async abandon(invocation, order, kept, work) {
      const run = begin(invocation, order, work, true);
      checker.undoGot(
        run.watched,
        kept.map(({ step }) => step),
      );
      // The undo of a new step is deployed before the step: it knows those of both programs.
      const { parts = [], changed = [], undo = { kind: "works" } } = run.planned ?? {};
      const known = new Map(stepsOf([...parts, ...changed]).map((each) => [each.step, each]));
      for (const each of [...known.values()].reverse()) await undoStep(run, each);
      await behave(run, "undo", undo, () => undefined);
      checker.workReturned(run.watched, "undone");
    },

    forget: (name) => void runs.delete(name),
  };
}
