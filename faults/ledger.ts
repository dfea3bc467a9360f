import type { Item } from "../handlers/aws/stored-order";
import type { Notification } from "../handlers/notification";
import type { AwsResponse } from "../laptop/endpoint/errors";
import type { AwsCall } from "../laptop/aws-call";
import { complaintsOf, isOpen, nameOfEnd, type Account } from "./complaints";
import { effectOf, momentOf, type Moment } from "./history";
import { notificationIn, orderIdsOf } from "./order-ids";

/**
 * Keeps account, from outside of the handlers, of what really happened to each order. `maxAttempts`: of
 * the stack's config.
 */
export function makeLedger(maxAttempts: number) {
  const accounts = new Map<string, Account>();

  function account(orderId: string): Account {
    const known = accounts.get(orderId) ?? newAccount();
    accounts.set(orderId, known);
    return known;
  }

  return {
    /** To be given each performed call. Gives what it did to an order. */
    onCall(call: AwsCall, answer: AwsResponse): string | undefined {
      const { action, body } = call;
      const [orderId = ""] = orderIdsOf(call);
      const isDone = answer.status === 200;
      switch (action) {
        case "PutItem":
          return isDone ? accept(account(orderId), putIn(body)) : "refused";
        case "UpdateItem":
          return isDone ? write(account(orderId), updatedIn(answer.body), maxAttempts) : "refused";
        case "Publish":
          return isDone ? publish(account(orderId), notificationIn(body)) : undefined;
        default:
          return undefined;
      }
    },
    /** To be given each message in a queue that subscribes to the topic. */
    onDelivery(envelope: string): void {
      const { Message } = JSON.parse(envelope) as { Message: string };
      const notification = JSON.parse(Message) as Notification;
      account(notification.orderId).delivered.push(nameOfEnd(notification));
    },
    /** How often the order was made: more than once is one too many. */
    timesMade: (orderId: string) => account(orderId).made,
    /** What went against the promises, in sentences; empty when they were kept. */
    complaints: (orderId: string): string[] => complaintsOf(account(orderId), maxAttempts),
    last: (orderId: string): Moment | undefined => account(orderId).moments.at(-1),
    publishes: (orderId: string) => account(orderId).published.length,
    /** Open orders that the reconciler is to look at by then. */
    due: (now: number): string[] =>
      [...accounts].filter(([, of]) => isDue(of.moments.at(-1), now)).map(([orderId]) => orderId),
  };
}

export type Ledger = ReturnType<typeof makeLedger>;

function newAccount(): Account {
  return { made: 0, moments: [], published: [], delivered: [] };
}

function accept(of: Account, item: Item): string {
  of.made += 1;
  of.moments.push(momentOf(item));
  return "accept";
}

function write(of: Account, item: Item, maxAttempts: number): string {
  const after = momentOf(item);
  const before = of.moments.at(-1);
  of.moments.push(after);
  const effect = before && effectOf(before, after);
  if (effect === "stamp") return `stamp ${after.status}`;
  if (effect !== "claim") return effect ?? "forbidden";
  if (after.attempt > maxAttempts) return "claim to give up";
  return after.attempt === 1 ? "claim" : "claim again";
}

function publish(of: Account, notification: Notification): string {
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
function updatedIn(answer: Buffer): Item {
  return (JSON.parse(answer.toString()) as { Attributes: Item }).Attributes;
}
