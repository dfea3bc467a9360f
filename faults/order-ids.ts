import type { Item } from "../handlers/aws/stored-order";
import type { Notification } from "../handlers/notification";
import type { AwsCall } from "../laptop/aws-call";
import { chooseMessage } from "../laptop/sns/message-structure";

const ORDER_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The orders that a call carries the ids of. */
export function orderIdsOf({ action, body }: Pick<AwsCall, "action" | "body">): string[] {
  switch (action) {
    case "PutItem":
    case "UpdateItem":
    case "GetItem": {
      const { Item, Key } = JSON.parse(body.toString()) as { Item?: Item; Key?: Item };
      const orderId = (Item ?? Key)?.["orderId"]?.S;
      return orderId === undefined ? [] : [orderId];
    }
    case "Publish":
      return [notificationIn(body).orderId];
    case "SendMessage":
    case "SendMessageBatch":
      return orderIdsIn(body.toString());
    default:
      return [];
  }
}

/** Of messages, which have no other ids. */
export function orderIdsIn(text: string): string[] {
  return [...new Set(text.match(ORDER_ID) ?? [])];
}

/** Of a Publish call: what queues and functions receive. */
export function notificationIn(body: Buffer): Notification {
  const form = new URLSearchParams(chooseMessage(body)?.toString());
  return JSON.parse(form.get("Message") ?? "") as Notification;
}
