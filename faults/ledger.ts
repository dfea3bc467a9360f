import type { Item } from "../handlers/aws/stored-order";
import type { Notification } from "../handlers/notification";
import type { AwsCall } from "../laptop/aws-call";
import type { AwsResponse } from "../laptop/endpoint/errors";
import { effectOf, type Moment, momentOf } from "./history";
import { notificationIn, orderIdsOf } from "./order-ids";
import { isOpen, nameOfEnd, type ObservedOrder, violationsOf } from "./violations";

/**
 * Records, from outside of the handlers, what really happened to each order. `maxAttempts`: of the
 * stack's config.
 */
export function makeLedger(maxAttempts: number) {
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
          return isDone ? accept(orderOf(orderId), putIn(body)) : "refused";
        case "UpdateItem":
          return isDone
            ? write(orderOf(orderId), updatedIn(response.body), maxAttempts)
            : "refused";
        case "Publish":
          return isDone ? publish(orderOf(orderId), notificationIn(body)) : undefined;
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

function accept(of: ObservedOrder, item: Item): string {
  of.creations += 1;
  of.moments.push(momentOf(item));
  return "accept";
}

function write(of: ObservedOrder, item: Item, maxAttempts: number): string {
  const after = momentOf(item);
  const before = of.moments.at(-1);
  of.moments.push(after);
  const effect = before && effectOf(before, after);
  if (effect === "stamp") return `stamp ${after.status}`;
  if (effect !== "claim") return effect ?? "forbidden";
  if (after.attempt > maxAttempts) return "claim to give up";
  return after.attempt === 1 ? "claim" : "claim again";
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
