import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { within } from "../harness/eventually";
import { type LaptopOptions, startLaptop } from "../harness/laptop";
import type { AwsResponse } from "../laptop/endpoint/errors";
import type { CountedCall } from "../laptop/endpoint/fault-injection";
import type { Ledger } from "./ledger";
import { countMessages, countOpenOrders, makeHiddenMessages } from "./settling";

/** What is wrong where `settled` gives false, and no order has a violation. */
export const UNSETTLED = "orders are still open, or messages are still in flight";

export interface WatchedStackOptions extends Pick<
  LaptopOptions,
  "directory" | "faults" | "override" | "send"
> {
  processing: { maxAttempts: number } & Record<string, number>;
  ledger: Ledger;
  /** Is given each performed call, and what it did to an order. */
  onCall?: (call: CountedCall, response: AwsResponse, effect: string | undefined) => void;
}

/** A laptop stack with a customer who subscribes to everything, and what happens in a ledger. */
export async function startWatchedStack({
  processing,
  ledger,
  onCall,
  ...options
}: WatchedStackOptions) {
  const hidden = makeHiddenMessages();
  const laptop = await startLaptop({
    ...options,
    onCall(call, response) {
      if (call.sandboxId !== undefined) hidden.onCall(call);
      const effect = ledger.onCall(call, response);
      onCall?.(call, response, effect);
    },
    config: {
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
      "order-processing:processing": processing,
    },
  });
  const { dynamodb, sqs, output } = laptop;
  const readArrived = await laptop.subscribe("customers-queue");

  return {
    ...laptop,
    ledger,
    /**
     * Waits until no order is open, as far as has been seen and then by the table itself, and no message waits
     * or is in flight; gives whether that came true. None may be left in orders-dead-letters: all messages here
     * are about orders, and far from being received a hundred times. Those that are hidden come back when no
     * order needs them any more, and must do nothing.
     */
    async settled(milliseconds: number): Promise<boolean> {
      const { QueueUrls = [] } = await sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: "subscription-" }),
      );
      const queues = [output("queueUrl"), output("deadLetterQueueUrl"), ...QueueUrls];
      const isSettled = await within(milliseconds, async () => {
        if (ledger.due(Infinity).length > 0) return false;
        if ((await countOpenOrders(dynamodb, output("tableName"))) > 0) return false;
        await hidden.bringBack(sqs);
        return (await countMessages(sqs, queues)) === 0;
      });
      for (const notification of await readArrived()) ledger.onDelivery(notification);
      return isSettled === true;
    },
  };
}

export type WatchedStack = Awaited<ReturnType<typeof startWatchedStack>>;
