import type { Order } from "../../../handlers/order";
import {
  type AcceptanceCase,
  type Client,
  NotRun,
  type ReceivedNotification,
} from "../acceptance-case";
import { expectEqual } from "../expect";
import { accepted, notified, waitFor } from "../requests";

export const NOTIFICATION_CASES: AcceptanceCase[] = [
  {
    id: "notifications/content",
    title: "a subscriber receives an order's end, with what the order says of it",
    async run(client) {
      const [order, { notification }] = await ended(client);
      const { orderId, customerId, status, totals, completedAt } = order;
      const expected = { orderId, customerId, status, redrives: 0, totals, completedAt };
      expectEqual("the notification", notification, expected);
    },
  },
  {
    id: "notifications/attributes",
    title: "the message attributes are customerId and status",
    async run(client) {
      const [{ customerId, status }, { attributes }] = await ended(client);
      expectEqual("the message attributes", attributes, { customerId, status });
    },
  },
];

/** An order that has ended, and what the queue has received of it. */
async function ended(client: Client): Promise<[Order, ReceivedNotification]> {
  const { notifications } = client;
  if (!notifications) throw new NotRun("there is no queue for notifications (--no-notifications)");
  const { orderId } = await accepted(client);
  const order = await notified(client, orderId);
  const received = await waitFor(`a notification of order ${orderId}`, async () =>
    (await notifications()).find(({ notification }) => notification.orderId === orderId),
  );
  return [order, received];
}
