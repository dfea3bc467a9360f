import type { Telemetry } from "../handlers/telemetry";
import { type Checker, makeChecker } from "./checker/checker";
import { type Clock, makeClock } from "./clock";
import { type Faults, makeFaults } from "./faults";
import { makeOrderNames, type OrderNames } from "./order-names";
import type { Plan } from "./plan";
import type { PlannedOrder } from "./planned-order";
import { makeProvider, type Provider } from "./provider";
import { type Draws, makeDraws } from "./random";

/** Any moment would do: a history depends on nothing but its plan. */
export const START = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;

/** What all parts of one history share. */
export interface World {
  plan: Plan;
  /** Of all orders, those of the stream too, by customer: each order has its own. */
  plannedOrders: Map<string, PlannedOrder>;
  clock: Clock;
  /** Milliseconds from the start of the history. */
  since: () => number;
  draws: Draws;
  faults: Faults;
  names: OrderNames;
  checker: Checker;
  provider: Provider;
  /** Of all functions; nobody reads their log. */
  telemetry: Telemetry;
  /** Undefined without a listener: `trace?.(…)` makes no text then. */
  trace: Trace | undefined;
}

const SILENT: Telemetry["log"] = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export type Trace = (who: string, what: string) => void;

export function makeWorld(
  plan: Plan,
  without: ReadonlySet<string>,
  listener: ((at: number, who: string, what: string) => void) | undefined,
  measure: Telemetry["measure"],
): World {
  const draws = makeDraws(plan.seed);
  const clock = makeClock(START);
  const since = () => clock.now() - START;
  const names = makeOrderNames();
  return {
    plan,
    plannedOrders: new Map(plan.orders.map((order) => [order.customerId, order])),
    clock,
    since,
    draws,
    faults: makeFaults(plan, draws, without),
    names,
    checker: makeChecker(plan, clock.now, names.of),
    provider: makeProvider(),
    telemetry: { log: SILENT, measure },
    trace: listener && ((who, what) => listener(since(), who, what)),
  };
}
