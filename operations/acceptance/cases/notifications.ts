import {
  type AcceptanceCase,
  type Client,
  NotRun,
  type ReceivedNotification,
} from "../acceptance-case";
import { expectEqual } from "../expect";
import { accepted, CUSTOMER_ID, notified, waitFor } from "../requests";

export const NOTIFICATION_CASES: AcceptanceCase[] = [
  {
    id: "notifications/content",
    title: "a subscriber receives an order's end, with what the order says of it",
    async run(client) {
      const { orderId } = await accepted(client);
      const { status, totals, completedAt } = await notified(client, orderId);
      const { notification } = await received(client, orderId);
      const ended = { status, redrives: 0, totals, completedAt };
      expectEqual("the notification", notification, { orderId, customerId: CUSTOMER_ID, ...ended });
    },
  },
  {
    id: "notifications/attributes",
    title: "the message attributes are customerId and status",
    async run(client) {
      const { orderId } = await accepted(client);
      const { status } = await notified(client, orderId);
      const { attributes } = await received(client, orderId);
      expectEqual("the message attributes", attributes, { customerId: CUSTOMER_ID, status });
    },
  },
];

function received(client: Client, orderId: string): Promise<ReceivedNotification> {
  const { notifications } = client;
  if (!notifications) throw new NotRun("there is no queue for notifications (--no-notifications)");
  return waitFor(`a notification of order ${orderId}`, async () =>
    (await notifications()).find(({ notification }) => notification.orderId === orderId),
  );
}
