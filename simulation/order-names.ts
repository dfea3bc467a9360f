import type { PlannedOrder } from "./planned-order";

/** Ids are as good as random: traces, faults and draws know an order by the name that its plan gives it. */
export interface OrderNames {
  of: (orderId: string) => string;
  /** Names the order of a request, unless it is a replay. */
  name(orderId: string, order: PlannedOrder): void;
  idsOf(name: string): string[];
  forget(orderId: string): void;
}

export function makeOrderNames(): OrderNames {
  const names = new Map<string, string>();
  const withoutKey = new Map<string, number>();

  /** Without an idempotency key each accepted request makes another order. */
  function nameFor({ name, key }: PlannedOrder): string {
    if (key !== undefined) return name;
    const n = (withoutKey.get(name) ?? 0) + 1;
    withoutKey.set(name, n);
    return n === 1 ? name : `${name}(${n})`;
  }

  return {
    of: (orderId) => names.get(orderId) ?? orderId,
    name(orderId, order) {
      if (!names.has(orderId)) names.set(orderId, nameFor(order));
    },
    idsOf: (name) => [...names].filter(([, each]) => each === name).map(([orderId]) => orderId),
    forget: (orderId) => void names.delete(orderId),
  };
}
