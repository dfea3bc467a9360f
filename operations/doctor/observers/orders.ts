import { isEnd } from "../../../handlers/order";
import type { awsDeps } from "../../redrive/aws";
import type { OpenOrder } from "../../redrive/list";
import type { Counted, FailedOrdersSeen, OpenOrdersSeen } from "../observations";

type Orders = Pick<ReturnType<typeof awsDeps>, "openOrders" | "failedOrders" | "readOrder">;

const MAX_COUNTED = 2_000;
const MAX_READ = 100;
const HOUR_MILLISECONDS = 3_600_000;

export async function seeOpenOrders(orders: Orders, now: Date): Promise<OpenOrdersSeen> {
  const { elements, isMore } = await first(orders.openOrders());
  const read = elements.slice(0, MAX_READ);
  const states = await Promise.all(read.map(({ orderId }) => stateOf(orders, orderId)));
  const overdue = elements
    .map((element) => ({ ...element, since: overdueSince(element) }))
    .filter(({ since }) => since <= now.getTime())
    .sort((a, b) => a.since - b.since);
  return {
    count: elements.length,
    isMore,
    overdue: overdue.length,
    oldestOverdueSince: overdue[0]?.since,
    oldestOverdue: overdue[0]?.orderId,
    states: numbersOf(states),
    lookedAt: read.length,
  };
}

function overdueSince({ overdueSince: since, checkAt }: OpenOrder): number {
  return since ?? checkAt;
}

async function stateOf({ readOrder }: Orders, orderId: string): Promise<string> {
  const stored = await readOrder(orderId);
  if (!stored) return "gone meanwhile";
  const { order, attempt } = stored;
  if (isEnd(order.status)) return `${order.status} and not notified`;
  return attempt === 0 ? order.status : `${order.status} in attempt ${attempt}`;
}

function numbersOf(states: string[]): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const state of states) numbers[state] = (numbers[state] ?? 0) + 1;
  return numbers;
}

export async function seeFailedOrders(orders: Orders, now: Date): Promise<FailedOrdersSeen> {
  const from = now.getTime() - HOUR_MILLISECONDS;
  const [all, lastHour] = await Promise.all([
    first(orders.failedOrders({})),
    first(orders.failedOrders({ from })),
  ]);
  return { all: counted(all), lastHour: counted(lastHour) };
}

function counted({ elements, isMore }: { elements: unknown[]; isMore: boolean }): Counted {
  return { count: elements.length, isMore };
}

async function first<T>(source: AsyncIterable<T>): Promise<{ elements: T[]; isMore: boolean }> {
  const elements: T[] = [];
  for await (const element of source) {
    if (elements.length === MAX_COUNTED) return { elements, isMore: true };
    elements.push(element);
  }
  return { elements, isMore: false };
}
