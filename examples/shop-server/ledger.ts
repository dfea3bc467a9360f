/** What can be asked of the shop; each is done once for an idempotency key, and undone by cancelling the key. */
export const RESOURCES = ["reservations", "charges", "shipments"] as const;
export type Resource = (typeof RESOURCES)[number];

const DONE = { reservations: "reserved", charges: "charged", shipments: "shipped" } as const;
const UNDONE = { reservations: "released", charges: "refunded", shipments: "recalled" } as const;

/** What a client asks for. `units`: the stock that it takes; `amount`: what it costs. */
export interface Asked {
  orderId: string;
  customerId: string;
  units: number;
  amount: number;
}

/**
 * One line of the ledger. `declined` and `out of stock` are refusals that no repetition changes; `repeated` is a request
 * that had its effect before, `cancelled` the end of a key under which nothing was done, and `too late`
 * a request under a key that was cancelled before.
 */
export interface Entry extends Asked {
  what:
    | (typeof DONE)[Resource]
    | (typeof UNDONE)[Resource]
    | "declined"
    | "out of stock"
    | "repeated"
    | "cancelled"
    | "too late";
  resource: Resource;
  key: string;
}

/** An HTTP status, with the id of what was done where something was. */
export interface Outcome {
  status: 201 | 204 | 402 | 409 | 410 | 422;
  id?: string;
}

const NOTHING: Asked = { orderId: "", customerId: "", units: 0, amount: 0 };

/** The books of a shop with so many units in its warehouse. */
export function makeShopLedger(stock: number) {
  const entries: Entry[] = [];
  const answered = new Map<string, { asked: Asked; outcome: Outcome }>();
  const cancelled = new Set<string>();
  let left = stock;

  /** What has its effect now. */
  function perform(resource: Resource, key: string, asked: Asked): Outcome {
    const refusal = refusalOf(resource, asked, left);
    const number = entries.push({ what: refusal?.what ?? DONE[resource], resource, key, ...asked });
    if (refusal) return { status: refusal.status };
    if (resource === "reservations") left -= asked.units;
    return { status: 201, id: `${DONE[resource]}-${number}` };
  }

  return {
    /** Has its effect once for a key. */
    post(resource: Resource, key: string, asked: Asked): Outcome {
      const name = `${resource} ${key}`;
      const known = answered.get(name);
      if (known && !isSame(known.asked, asked)) return { status: 422 };
      const isTooLate = cancelled.has(name);
      if (isTooLate || known) {
        entries.push({ what: isTooLate ? "too late" : "repeated", resource, key, ...asked });
      }
      if (isTooLate) return { status: 410 };
      const outcome = known?.outcome ?? perform(resource, key, asked);
      answered.set(name, { asked, outcome });
      return outcome;
    },
    /** Undoes what was done under the key, if anything was, and lets nothing be done under it any more. */
    cancel(resource: Resource, key: string): Outcome {
      const name = `${resource} ${key}`;
      if (cancelled.has(name)) return { status: 204 };
      cancelled.add(name);
      const { asked = NOTHING, outcome } = answered.get(name) ?? {};
      const isDone = outcome?.status === 201;
      entries.push({ what: isDone ? UNDONE[resource] : "cancelled", resource, key, ...asked });
      if (isDone && resource === "reservations") left += asked.units;
      return { status: 204 };
    },
    entries: (): readonly Entry[] => entries,
    /** Units in the warehouse that nobody has reserved. */
    left: () => left,
  };
}

/** What no repetition changes. */
function refusalOf(resource: Resource, { customerId, units }: Asked, left: number) {
  if (resource === "charges" && isDeclined(customerId)) {
    return { what: "declined", status: 402 } as const;
  }
  if (resource === "reservations" && units > left) {
    return { what: "out of stock", status: 409 } as const;
  }
  return undefined;
}

function isDeclined(customerId: string): boolean {
  return customerId.startsWith("declined-");
}

function isSame(a: Asked, b: Asked): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
