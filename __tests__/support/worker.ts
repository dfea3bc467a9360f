import type { Kept } from "../../handlers/kept";
import type { StoredOrder, Written } from "../../handlers/life";
import type { Notification } from "../../handlers/notification";
import type { Order } from "../../handlers/order";
import { orderMessage } from "../../handlers/order-message";
import { makeProcessOrder, type ProcessOrderDeps } from "../../handlers/process-order";
import { aStoredOrder, NOW, ORDER_ID, POLICY } from "./orders";
import { aBatch, failuresOf } from "./sqs-event";
import { telemetry } from "./telemetry";

export const TOTALS = { units: 3, amount: 0.3 };

export type WorkerOverrides = Partial<ProcessOrderDeps>;

/**
 * A worker and what it did, in turn. Its table does as it is asked; `stored` are the orders in it as long
 * as nobody writes them.
 */
export function makeWorker({
  stored = [],
  ...overrides
}: WorkerOverrides & { stored?: StoredOrder[] } = {}) {
  const did: unknown[] = [];
  const notified: Notification[] = [];
  const table = new Map(stored.map((each) => [each.order.orderId, each]));
  const write = (
    what: unknown[],
    orderId: string,
    change: (seen: StoredOrder) => StoredOrder,
  ): Promise<Written> => {
    did.push(what);
    const seen = table.get(orderId);
    if (!seen) return Promise.resolve({ ok: false, stored: undefined });
    table.set(orderId, change(seen));
    return Promise.resolve({ ok: true, stored: table.get(orderId) });
  };
  const claimed = (seen: StoredOrder): StoredOrder => ({
    ...seen,
    order: { ...seen.order, status: "PROCESSING" },
    attempt: seen.attempt + 1,
  });
  const claimedToTry = (seen: StoredOrder) => ({ ...claimed(seen), tries: seen.tries + 1 });
  const keeping = (seen: StoredOrder, kept: Kept) => {
    const isKept = seen.kept.some(({ name }) => name === kept.name);
    return { ...seen, tries: 0, kept: isKept ? seen.kept : [...seen.kept, kept] };
  };
  const deps: ProcessOrderDeps = {
    ...telemetry,
    readOrder(orderId) {
      did.push(["read"]);
      return Promise.resolve(table.get(orderId));
    },
    claimNewOrder: (orderId, lease) =>
      write(["claimNew", lease], orderId, (seen) => ({ ...claimedToTry(seen), ...lease })),
    claimOrder: ({ order, attempt }, lease) =>
      write(["claim", { attempt }, lease], order.orderId, (seen) => ({
        ...claimedToTry(seen),
        ...lease,
      })),
    beginUndo: ({ order, attempt }, ending, lease, isMine) =>
      write(
        [isMine ? "turn" : "claim to undo", { attempt }, ending, lease],
        order.orderId,
        (seen) => ({
          ...claimed(seen),
          ...lease,
          undoTries: seen.undoTries + 1,
          ending: seen.ending ?? ending,
        }),
      ),
    keep: ({ order, attempt }, kept) =>
      write(["keep", { attempt }, kept], order.orderId, (seen) => keeping(seen, kept)),
    pauseOrder: ({ order, attempt }, wait, pause) =>
      write(["pause", { attempt }, wait, pause], order.orderId, (seen) => ({
        ...keeping(seen, wait),
        ...pause,
        workUntil: 0,
      })),
    releaseOrder: ({ order, attempt }, pause, failure) =>
      write(["release", { attempt }, pause, failure], order.orderId, (seen) => ({
        ...seen,
        ...pause,
        workUntil: 0,
      })),
    endOrder: ({ order, attempt }, end, checkAt) =>
      write(["end", { attempt }, end, checkAt], order.orderId, (seen) => ({
        ...seen,
        order: { ...seen.order, ...end },
        workUntil: 0,
        leaseUntil: 0,
      })),
    recordNotified({ order, redrives, attempt }, now) {
      did.push(["stamp", order.status, { redrives, attempt }]);
      const stored = { ...aStoredOrder(order), redrives, attempt };
      stored.order.notifiedAt = now.toISOString();
      return Promise.resolve({ ok: true, stored });
    },
    fulfilOrder(_order, work) {
      did.push(["step", work.idempotencyKey("a")]);
      return Promise.resolve({ totals: TOTALS });
    },
    abandonOrder(_order, kept, work) {
      did.push(["undo", kept.map(({ step }) => step), work.idempotencyKey("a")]);
      return Promise.resolve();
    },
    notifyCustomer(notification) {
      did.push(["publish", notification.status]);
      notified.push(notification);
      return Promise.resolve();
    },
    hideMessage(receiptHandle, seconds) {
      did.push(["hide", receiptHandle, seconds]);
      return Promise.resolve();
    },
    policy: POLICY,
    now: () => NOW,
    random: () => 0,
    ...overrides,
  };
  const handler = makeProcessOrder(deps);
  return {
    did,
    notified,
    table,
    /** One message; gives what is to be delivered again. */
    deliver: async (receives = 1, sentAt = NOW) =>
      failuresOf(await handler(aBatch({ body: orderMessage(ORDER_ID), receives, sentAt }))),
    batch: async (...bodies: string[]) => failuresOf(await handler(aBatch(...bodies))),
  };
}

export const processing = (bookkeeping: Partial<Omit<StoredOrder, "order">> = {}) =>
  aStoredOrder(
    { status: "PROCESSING" },
    { attempt: 1, tries: 1, workUntil: NOW.getTime(), ...bookkeeping },
  );

export const completed = (order: Partial<Order> = {}) =>
  aStoredOrder(
    { status: "COMPLETED", totals: TOTALS, completedAt: NOW.toISOString(), ...order },
    { attempt: 1 },
  );

/** Where a dependency or a step should fail. */
export const closed = () => Promise.reject(new Error("closed"));
