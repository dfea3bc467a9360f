import type { CreateOrderDeps } from "../../handlers/create-order";
import type { FailOrderDeps } from "../../handlers/fail-order";
import type { Order, OrderStatus } from "../../handlers/order";
import type { ProcessOrderDeps } from "../../handlers/process-order";
import type { RecordNotificationDeps } from "../../handlers/record-notification";

interface Stored {
  order: Order;
  fingerprint: string;
  attempt: number;
  leaseExpiresAt: number;
}

type Table = Pick<CreateOrderDeps, "saveOrder" | "readOrder"> &
  Pick<ProcessOrderDeps, "claimOrder" | "completeOrder"> &
  Pick<FailOrderDeps, "failOrder"> &
  Pick<RecordNotificationDeps, "recordNotified"> & {
    /** Each change of each order, in turn. */
    history: Map<string, { status: OrderStatus; attempt: number }[]>;
  };

/** The table of handlers/aws.ts in memory: the same conditions on the same updates. */
export function makeMemoryTable(): Table {
  const stored = new Map<string, Stored>();
  const history: Table["history"] = new Map();

  function write(next: Stored): Order {
    const { orderId, status } = next.order;
    stored.set(orderId, next);
    history.set(orderId, [...(history.get(orderId) ?? []), { status, attempt: next.attempt }]);
    return next.order;
  }

  function whyNot(found: Stored | undefined) {
    if (!found) return { state: "unknown" } as const;
    const { order } = found;
    return order.status === "COMPLETED" || order.status === "FAILED"
      ? ({ state: "ended", order } as const)
      : ({ state: "leased" } as const);
  }

  const isFree = ({ order, leaseExpiresAt }: Stored, now: Date) =>
    order.status === "PROCESSING" && leaseExpiresAt < now.getTime();

  return {
    history,
    saveOrder(order, fingerprint) {
      if (stored.has(order.orderId)) return Promise.resolve(false);
      write({ order, fingerprint, attempt: 0, leaseExpiresAt: 0 });
      return Promise.resolve(true);
    },
    readOrder: (orderId) => Promise.resolve(stored.get(orderId)),
    claimOrder(orderId, now, leaseExpiresAt) {
      const found = stored.get(orderId);
      const isMine =
        found &&
        (found.order.status === "RECEIVED" ||
          found.order.status === "FAILED" ||
          isFree(found, now));
      if (!isMine) return Promise.resolve(whyNot(found));
      const { failedAt: _at, failureReason: _why, notifiedAt: _told, ...rest } = found.order;
      const order: Order = { ...rest, status: "PROCESSING", updatedAt: now.toISOString() };
      const attempt = found.attempt + 1;
      write({ ...found, order, attempt, leaseExpiresAt: leaseExpiresAt.getTime() });
      return Promise.resolve({ state: "claimed", order, attempt });
    },
    completeOrder(orderId, attempt, { totals }, now) {
      const found = stored.get(orderId);
      if (found?.attempt !== attempt) return Promise.resolve(undefined);
      if (found.order.status === "COMPLETED") return Promise.resolve(found.order);
      if (found.order.status !== "PROCESSING") return Promise.resolve(undefined);
      const at = now.toISOString();
      const order: Order = {
        ...found.order,
        status: "COMPLETED",
        totals,
        completedAt: at,
        updatedAt: at,
      };
      return Promise.resolve(write({ ...found, order, leaseExpiresAt: 0 }));
    },
    failOrder(orderId, failureReason, now) {
      const found = stored.get(orderId);
      if (!found || !(found.order.status === "RECEIVED" || isFree(found, now))) {
        return Promise.resolve(whyNot(found));
      }
      const at = now.toISOString();
      const order: Order = {
        ...found.order,
        status: "FAILED",
        failureReason,
        failedAt: at,
        updatedAt: at,
      };
      return Promise.resolve({
        state: "failed",
        order: write({ ...found, order, leaseExpiresAt: 0 }),
      });
    },
    recordNotified(orderId, status, endedAt, now) {
      const found = stored.get(orderId);
      if (!found) return Promise.resolve("unknown");
      const { order } = found;
      const isOfThisEnd =
        order.status === status && (order.completedAt === endedAt || order.failedAt === endedAt);
      if (!isOfThisEnd || order.notifiedAt !== undefined) return Promise.resolve("ignored");
      write({ ...found, order: { ...order, notifiedAt: now.toISOString() } });
      return Promise.resolve("recorded");
    },
  };
}
