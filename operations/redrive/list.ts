import type { StoredOrder } from "../../handlers/life";
import { isEnd } from "../../handlers/order";
import { formatAge, formatDue } from "../ages";
import { orders } from "./sentences";

/** An entry of the index of FAILED orders. Times here in milliseconds since 1970. */
export interface FailedOrder {
  orderId: string;
  failedAt: number;
}

/** An entry of the index of open orders. */
export interface OpenOrder {
  orderId: string;
  checkAt: number;
  createdAt: number;
  /** From when on it counts as overdue: nobody has moved it on. Undefined: from `checkAt` on. */
  overdueSince: number | undefined;
}

export interface ListDeps {
  /** What the index does not have; strongly consistent. Undefined when there is no such order. */
  readOrder(orderId: string): Promise<StoredOrder | undefined>;
  isStopped(): boolean;
  say(line: string): void;
  now(): Date;
}

const READS_AT_ONCE = 10;

/**
 * Says a line for each entry, with the item that belongs to it; `line` gives undefined for one that has
 * left the list. What moves on meanwhile may be met again at its new place. Gives false when the list
 * broke off.
 */
async function list<T extends { orderId: string }>(
  deps: ListDeps,
  entries: AsyncIterable<T>,
  line: (entry: T, stored: StoredOrder) => string | undefined,
): Promise<boolean> {
  try {
    for await (const batch of batches(entries)) {
      if (deps.isStopped()) throw new Error("stopped");
      const items = await Promise.all(batch.map(({ orderId }) => deps.readOrder(orderId)));
      batch.forEach((entry, i) => {
        const stored = items[i];
        const text = stored && line(entry, stored);
        if (text !== undefined) deps.say(text);
      });
    }
    return true;
  } catch (error) {
    deps.say(`The list is not complete: ${(error as Error).message}`);
    return false;
  }
}

export async function listFailed(
  deps: ListDeps,
  entries: AsyncIterable<FailedOrder>,
): Promise<boolean> {
  let count = 0;
  const complete = await list(deps, entries, ({ orderId, failedAt }, { order, redrives }) => {
    if (order.status !== "FAILED") return undefined;
    count += 1;
    const age = formatAge(deps.now().getTime() - failedAt);
    return `${orderId}  failed ${age} ago  redrives ${redrives}  ${order.reason ?? ""}`;
  });
  const advice = count > 0 ? " Name those to redrive, or --all." : "";
  deps.say(`${orders(count)} FAILED and notified.${advice}`);
  return complete;
}

export async function listOpen(
  deps: ListDeps,
  entries: AsyncIterable<OpenOrder>,
): Promise<boolean> {
  let count = 0;
  let overdue = 0;
  const complete = await list(deps, entries, (entry, stored) => {
    if (stored.order.notifiedAt !== undefined) return undefined;
    const now = deps.now().getTime();
    count += 1;
    if ((entry.overdueSince ?? entry.checkAt) <= now) overdue += 1;
    return openLine(entry, stored, now);
  });
  deps.say(`${orders(count)} open, ${overdue} overdue.`);
  return complete;
}

function openLine(
  { orderId, checkAt, createdAt, overdueSince }: OpenOrder,
  { order, attempt }: StoredOrder,
  now: number,
): string {
  return [
    orderId,
    isEnd(order.status)
      ? `${order.status}, not notified`
      : order.status.padEnd("PROCESSING".length),
    `attempt ${attempt}`,
    `next look ${formatDue(checkAt, now)}`,
    `age ${formatAge(now - createdAt)}`,
    ...(overdueSince === undefined || overdueSince > now
      ? []
      : [`not moved on for ${formatAge(now - overdueSince)}`]),
  ].join("  ");
}

async function* batches<T>(elements: AsyncIterable<T>): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  for await (const element of elements) {
    batch.push(element);
    if (batch.length === READS_AT_ONCE) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
