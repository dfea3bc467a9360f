import type { Violation } from "./checker/checker";

/** What came of many histories. */
export interface SeedResults {
  histories: number;
  orders: number;
  /** Of virtual time, all histories together. */
  milliseconds: number;
  /** Single faults that happened, outages aside. */
  faults: number;
  /** Messages that the reconciler has sent. */
  hints: number;
  /** How many orders ended in which. */
  statuses: Record<string, number>;
  /** The first violation of each history that has one. */
  broken: ({ seed: number } & Violation)[];
}

export function noResults(): SeedResults {
  return {
    histories: 0,
    orders: 0,
    milliseconds: 0,
    faults: 0,
    hints: 0,
    statuses: {},
    broken: [],
  };
}

export function added(a: SeedResults, b: SeedResults): SeedResults {
  const statuses = { ...a.statuses };
  for (const [status, count] of Object.entries(b.statuses)) {
    statuses[status] = (statuses[status] ?? 0) + count;
  }
  return {
    histories: a.histories + b.histories,
    orders: a.orders + b.orders,
    milliseconds: a.milliseconds + b.milliseconds,
    faults: a.faults + b.faults,
    hints: a.hints + b.hints,
    statuses,
    broken: [...a.broken, ...b.broken],
  };
}
