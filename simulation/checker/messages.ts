import type { Notification } from "../../handlers/notification";
import { isEnd } from "../../handlers/order";
import { lifeOf, type ObservedOrder } from "./observed-orders";
import type { Watch } from "./watch";

/** A message that create-order sends. The SDK may repeat one: `isRepeated`. */
export function checkMessageOfCreate(
  { violated }: Watch,
  order: ObservedOrder,
  isRepeated: boolean,
): void {
  if (!isRepeated) order.messagesOfCreate += 1;
  if (order.messagesOfCreate > 1) violated("I8", order, "a replay sent a message");
}

export function checkNotification(
  { violated }: Watch,
  order: ObservedOrder,
  { status, redrives }: Notification,
): void {
  const { published } = lifeOf(order, redrives);
  published.add(status);
  order.published.push(`${status} in life ${redrives}`);
  if (published.size > 1) violated("I4", order, `notified of ${[...published].join(" and ")}`);
  const { row } = order;
  const isItsEnd = row && (row.redrives > redrives || row.status === status);
  if (!isItsEnd || !isEnd(status)) violated("I4", order, `notified of ${status}, which it is not`);
}
