import type { Item } from "../../handlers/aws/stored-order";
import type { Notification } from "../../handlers/notification";
import { isEnd } from "../../handlers/order";
import type { Invocation } from "../invocation";
import type { Plan } from "../plan";
import { makeAcceptances } from "./acceptances";
import { checkEnding, isFinished } from "./ending";
import { makeHints } from "./hints";
import { checkMessageOfCreate, checkNotification } from "./messages";
import { newObservedOrder, type ObservedOrder, type Outcome, outcomesOf } from "./observed-orders";
import { type Row, rowOf } from "./row";
import { stepEnds, stepStarts } from "./steps";
import { makeWatch } from "./watch";
import { checkCreation, checkWrite } from "./writes";

export type { Outcome } from "./observed-orders";
export type { Violation } from "./watch";
export type Checker = ReturnType<typeof makeChecker>;

/** Watches what really happens, write by write, and checks the promises of watch.ts against it. */
export function makeChecker(plan: Plan, now: () => number, nameOf: (orderId: string) => string) {
  const watch = makeWatch(plan, now, nameOf);
  const orders = new Map<string, ObservedOrder>();
  const unfinished = new Set<string>();
  const forgotten: Outcome[] = [];
  const hints = makeHints(watch, orderOf);
  const accepted = makeAcceptances(watch, orderOf);

  function orderOf(orderId: string): ObservedOrder {
    let order = orders.get(orderId);
    if (!order) orders.set(orderId, (order = newObservedOrder(orderId)));
    return order;
  }

  function keepRow(order: ObservedOrder, row: Row | undefined): void {
    order.row = row;
    if (row && !isFinished(row)) unfinished.add(order.orderId);
    else unfinished.delete(order.orderId);
  }

  function wrote(by: Invocation, orderId: string, item: Item): void {
    const order = orderOf(orderId);
    const before = order.row;
    const after = rowOf(item);
    if (before) checkWrite(watch, order, { by, before, after });
    else checkCreation(watch, order, after);
    if (isEnd(after.status) && !(before && isEnd(before.status))) order.endedAt = now();
    if (after.isNotified && before?.isNotified !== true) order.notifiedAt = now();
    // Whoever moves it on sets another time to look at it.
    if (!by.key.startsWith("reconcile-orders ")) order.lastHint = -Infinity;
    keepRow(order, after);
  }

  function restored(items: Map<string, Item>): void {
    watch.restored();
    for (const [orderId, order] of orders) {
      const item = items.get(orderId);
      order.created = item ? 1 : 0;
      order.lastHint = -Infinity;
      if (!item) order.messagesOfCreate = 0;
      keepRow(order, item && rowOf(item));
    }
  }

  return {
    violations: watch.violations,
    wrote,
    stepStarts: (by: Invocation, orderId: string, isUndo: boolean, idempotencyKey: string) =>
      stepStarts(watch, orderOf(orderId), by, isUndo, idempotencyKey),
    stepEnds,
    published: (notification: Notification) =>
      checkNotification(watch, orderOf(notification.orderId), notification),
    sentByCreate: (orderId: string, isRepeated: boolean) =>
      checkMessageOfCreate(watch, orderOf(orderId), isRepeated),
    reconcilerRun: hints.run,
    /** How many messages the reconciler has sent. */
    hints: hints.count,
    accepted,
    restored,
    /** How many have not ended, or were not notified. */
    unfinished: () => unfinished.size,
    /** At the end of a history. */
    finish(isPoison: (customerId: string) => boolean): void {
      for (const order of orders.values()) checkEnding(watch, order, isPoison);
    },
    /** Keeps nothing of an order but how it went: of a million of them all would be too much. */
    forget(orderId: string): void {
      forgotten.push(...outcomesOf(orderOf(orderId), nameOf(orderId)));
      orders.delete(orderId);
    },
    outcomes: (): Outcome[] => [
      ...forgotten,
      ...[...orders.values()].flatMap((order) => outcomesOf(order, nameOf(order.orderId))),
    ],
  };
}
