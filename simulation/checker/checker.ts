import type { Item } from "../../handlers/aws/stored-order";
import type { Notification } from "../../handlers/notification";
import { isEnd } from "../../handlers/order";
import type { Invocation } from "../invocation";
import type { Plan } from "../plan";
import type { Effect } from "../provider";
import { makeAcceptances } from "./acceptances";
import { checkCancelAnswer } from "./cancellations";
import { checkEffects } from "./effects";
import { checkEnding, isFinished } from "./ending";
import { makeHints } from "./hints";
import { checkMessageOfCreate, checkNotification } from "./messages";
import {
  newObservedOrder,
  type ObservedOrder,
  type Outcome,
  outcomesOf,
  type WorkRun,
} from "./observed-orders";
import { type Row, rowOf } from "./row";
import { makeWatch } from "./watch";
import {
  stepGave,
  stepStarts,
  undoGot,
  waitAsked,
  waitPassed,
  workReturned,
  workStarts,
} from "./work";
import { checkCreation, checkWrite } from "./writes";

export type { Outcome, WorkRun } from "./observed-orders";
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
    workStarts: (by: Invocation, orderId: string, isUndo: boolean, idempotencyKey: string) =>
      workStarts(watch, orderOf(orderId), by, isUndo, idempotencyKey),
    workReturned,
    undoGot: (run: WorkRun, steps: string[]) => undoGot(watch, run, steps),
    stepStarts: (run: WorkRun, name: string, idempotencyKey: string) =>
      stepStarts(watch, run, name, idempotencyKey),
    stepGave: (run: WorkRun, name: string, result: unknown) => stepGave(watch, run, name, result),
    waitAsked: (run: WorkRun, name: string, milliseconds: number) =>
      waitAsked(watch, run, name, milliseconds),
    waitPassed: (run: WorkRun, name: string) => waitPassed(watch, run, name),
    cancelAnswered: (orderId: string, statusCode: number) =>
      checkCancelAnswer(watch, orderOf(orderId), statusCode),
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
    finish(isPoison: (customerId: string) => boolean, effects: Effect[]): void {
      for (const order of orders.values()) {
        checkEnding(watch, order, isPoison);
        checkEffects(
          watch,
          order,
          effects.filter(({ orderId }) => orderId === order.orderId),
        );
      }
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
