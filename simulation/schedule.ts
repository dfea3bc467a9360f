import type { Item } from "../handlers/aws/stored-order";
import { makeReconcileOrders } from "../handlers/reconcile-orders";
import { reconcileOrdersDeps } from "./functions/reconcile-orders";
import type { Services } from "./services";
import { MINUTE, START, type World } from "./world";

export interface Schedule {
  start(): void;
  /** Plans the run in which this item will be due, if it is open. */
  awaitDue(item: Item): void;
}

const RECONCILE_TIMEOUT_MS = 60_000;

/**
 * The reconciler's schedule. A run that would find nothing does nothing: unless `everyMinute`, those are
 * skipped in which nothing can be due, not even by the clock that is most ahead.
 */
export function makeSchedule(world: World, services: Services, everyMinute: boolean): Schedule {
  const { plan, clock, since } = world;
  /** In milliseconds from the start, as all times here. */
  let nextRun = Infinity;

  function runAt(at: number): void {
    if (at >= nextRun) return;
    nextRun = at;
    clock.at(START + at, () => {
      // An earlier one was planned meanwhile, and it has planned the next.
      if (nextRun !== at) return;
      nextRun = Infinity;
      run(at);
      if (everyMinute) runAt(at + MINUTE);
      else for (const item of services.orders.all()) awaitDue(item);
    });
  }

  function run(at: number): void {
    services.lambda.invoke(
      "reconcile-orders",
      `${at / MINUTE} min`,
      RECONCILE_TIMEOUT_MS,
      (invocation) => makeReconcileOrders(reconcileOrdersDeps(world, services, invocation))(),
      () => undefined,
    );
  }

  function awaitDue(item: Item): void {
    if (everyMinute || item["shelf"]?.S?.startsWith("open-") !== true) return;
    const due = Number(item["checkAt"]?.N) - plan.clockSkewMs - START;
    runAt(Math.ceil(Math.max(due, since() + 1) / MINUTE) * MINUTE);
  }

  return {
    awaitDue,
    start() {
      if (everyMinute) runAt(MINUTE);
    },
  };
}
