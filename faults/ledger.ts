import type { Item } from "../handlers/aws/stored-order";
import type { Notification } from "../handlers/notification";
import type { AwsCall } from "../laptop/aws-call";
import type { AwsResponse } from "../laptop/endpoint/errors";
import { type Effect, effectOf } from "./history";
import { isOpen, type Moment, momentOf } from "./moment";
import { notificationIn, orderIdsOf } from "./order-ids";
import { nameOfEnd, type ObservedOrder, violationsOf } from "./violations";

/**
 * Records, from outside of the handlers, what really happened to each order. `maxAttempts`: of the
 * stack's config; `now`: milliseconds.
 */
export function makeLedger(maxAttempts: number, now: () => number = Date.now) {
  const observed = new Map<string, ObservedOrder>();

  function orderOf(orderId: string): ObservedOrder {
    const known = observed.get(orderId) ?? newObservedOrder();
    observed.set(orderId, known);
    return known;
  }

  return {
    /** To be given each performed call. Gives what it did to an order. */
    onCall(call: AwsCall, response: AwsResponse): string | undefined {
      const { action, body } = call;
      const [orderId = ""] = orderIdsOf(call);
      const isDone = response.status === 200;
      switch (action) {
        case "PutItem":
          return isDone ? accept(orderOf(orderId), momentOf(putIn(body), now())) : "refused";
        case "UpdateItem":
          return isDone
            ? write(orderOf(orderId), momentOf(updatedIn(response.body), now()))
            : refusal(orderOf(orderId).moments.at(-1), now());
        case "Publish":
          return isDone ? publish(orderOf(orderId), notificationIn(body)) : undefined;
        case "SendMessage":
          return `of an order ${orderOf(orderId).moments.at(-1)?.status ?? "unknown"}`;
        default:
          return undefined;
      }
    },
    /** To be given each notification that arrives in a queue that subscribes to the topic. */
    onDelivery(notification: Notification): void {
      orderOf(notification.orderId).delivered.push(nameOfEnd(notification));
    },
    /** How often the order was created: more than once is one too many. */
    timesCreated: (orderId: string) => orderOf(orderId).creations,
    /** What went against the promises, in sentences; empty when they were kept. */
    violations: (orderId: string): string[] => violationsOf(orderOf(orderId), maxAttempts),
    last: (orderId: string): Moment | undefined => orderOf(orderId).moments.at(-1),
    moments: (orderId: string): readonly Moment[] => orderOf(orderId).moments,
    publishes: (orderId: string) => orderOf(orderId).published.length,
    /** Open orders that the reconciler is to look at by then. */
    due: (now: number): string[] =>
      [...observed].filter(([, of]) => isDue(of.moments.at(-1), now)).map(([orderId]) => orderId),
  };
}

export type Ledger = ReturnType<typeof makeLedger>;

function newObservedOrder(): ObservedOrder {
  return { creations: 0, moments: [], published: [], delivered: [] };
}

function accept(of: ObservedOrder, moment: Moment): string {
  of.creations += 1;
  of.moments.push(moment);
  return "accept";
}

function write(of: ObservedOrder, after: Moment): string {
  const before = of.moments.at(-1);
  of.moments.push(after);
  const effect = before && effectOf(before, after);
  return effect ? nameOf(effect, before, after) : "forbidden";
}

/** What a write did, as the calls of the matrix are told apart. */
function nameOf(effect: Effect, before: Moment, after: Moment): string {
  if (effect === "notify") return `stamp ${after.status}`;
  if (effect === "claim") return after.attempt === 1 ? "claim" : "claim again";
  if (effect === "begin undo") return undoName(before, after);
  if (before.ending && (effect === "keep" || effect === "release")) return `${effect} in the undo`;
  return effect === "cancel" && before.status === "RECEIVED" ? "cancel at once" : effect;
}

/** The worker that is at work turns to it, or one claims the order for it. */
function undoName(before: Moment, { ending, at }: Moment): string {
  if (before.ending) return "claim again for the undo";
  const how = before.leaseUntil > at ? "turn to the undo" : "claim for the undo";
  return ending?.status === "CANCELLED" ? `${how}, CANCELLED` : how;
}

function refusal(moment: Moment | undefined, at: number): string {
  const isAtWork = moment !== undefined && moment.workUntil > at;
  return isAtWork && moment.isToBeCancelled ? "refused, to be cancelled" : "refused";
}

function publish(of: ObservedOrder, notification: Notification): string {
  of.published.push(nameOfEnd(notification));
  return `notify ${notification.status}`;
}

function isDue(moment: Moment | undefined, now: number): boolean {
  return moment !== undefined && isOpen(moment) && moment.checkAt <= now;
}

function putIn(body: Buffer): Item {
  return (JSON.parse(body.toString()) as { Item: Item }).Item;
}

/** Every update of an order asks for the item that it has made. */
function updatedIn(response: Buffer): Item {
  return (JSON.parse(response.toString()) as { Attributes: Item }).Attributes;
}
