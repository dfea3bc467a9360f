import { openShelf } from "../handlers/aws/stored-order";
import type { AwsCall } from "../laptop/aws-call";
import type { AwsResponse } from "../laptop/endpoint/errors";
import type { Ledger } from "./ledger";
import { orderIdsIn, orderIdsOf } from "./order-ids";

interface Query {
  ExpressionAttributeValues: { ":shelf": { S: string }; ":now": { N: string } };
}

/**
 * Finds the orders that a call is about. Most calls carry their ids. A message is hidden by its receipt
 * handle. The reconciler's reads are about the orders that are due when they are made: the Query of
 * an order's shelf would find it, and the length of the queue says whether it gets a message.
 */
export function makeAttribution({ due }: Pick<Ledger, "due">) {
  const received = new Map<string, string[]>();
  return {
    /** To be given each performed call. */
    onCall({ action }: AwsCall, { status, body }: AwsResponse): void {
      if (action !== "ReceiveMessage" || status !== 200) return;
      const { Messages = [] } = JSON.parse(body.toString()) as {
        Messages?: { ReceiptHandle: string; Body: string }[];
      };
      for (const { ReceiptHandle, Body } of Messages) {
        received.set(ReceiptHandle, orderIdsIn(Body));
      }
    },
    ordersOf(call: AwsCall): string[] {
      const { action } = call;
      const text = call.body.toString();
      switch (action) {
        case "ChangeMessageVisibility": {
          const { ReceiptHandle } = JSON.parse(text) as { ReceiptHandle: string };
          return received.get(ReceiptHandle) ?? [];
        }
        case "Query": {
          const values = (JSON.parse(text) as Query).ExpressionAttributeValues;
          const shelf = values[":shelf"].S;
          return due(Number(values[":now"].N)).filter((orderId) => openShelf(orderId) === shelf);
        }
        case "GetQueueAttributes":
          return due(Date.now());
        default:
          return orderIdsOf(call);
      }
    },
  };
}
