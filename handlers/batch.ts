import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { MAX_HIDDEN_SECONDS } from "./life";
import { parseOrderMessage } from "./order-message";
import type { Telemetry } from "./telemetry";

/** A message about an order. */
export interface OrderMessage {
  orderId: string;
  /** Deliveries of this message so far, this one included. */
  receives: number;
  /** When it was sent, in milliseconds since 1970. */
  sentAt: number;
}

/** What became of a message: acknowledged, or delivered again, after `hideSeconds` if given. */
export type Outcome =
  { handled: true; message: string } | { handled: false; reason: string; hideSeconds?: number };

export interface BatchDeps extends Telemetry {
  /** Nobody receives the message before that many seconds are over. */
  hideMessage(receiptHandle: string, seconds: number): Promise<void>;
}

const RETRY_SECONDS = 10;

/**
 * For an order that has to wait. A message that would have to wait for long is acknowledged: the order is
 * open, and the reconciler sends another. Kept instead, each order would collect one more in every five
 * minutes of an outage.
 */
export function tryAgainIn(seconds: number, reason: string): Outcome {
  return seconds <= MAX_HIDDEN_SECONDS
    ? { handled: false, reason, hideSeconds: seconds }
    : { handled: true, message: `${reason}: left to the reconciler` };
}

/**
 * Runs `handle` for every order of a batch, all at once, and returns a partial batch response: the messages
 * to be delivered again. A malformed message fails alone: its neighbours go on.
 */
export async function consumeOrders(
  deps: BatchDeps,
  event: SQSEvent,
  handle: (message: OrderMessage) => Promise<Outcome>,
): Promise<SQSBatchResponse> {
  const handled = await Promise.all(
    event.Records.map((record) => consumeOrder(deps, record, handle)),
  );
  const failed = event.Records.filter((_record, index) => handled[index] !== true);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function consumeOrder(
  deps: BatchDeps,
  { messageId, body, attributes, receiptHandle }: SQSRecord,
  handle: (message: OrderMessage) => Promise<Outcome>,
): Promise<boolean> {
  const orderId = parseOrderMessage(body);
  if (orderId === undefined) {
    deps.measure("UnrecognisedMessages");
    deps.log.warn("message is not about an order", { messageId });
    return false;
  }
  const receives = Number(attributes.ApproximateReceiveCount);
  const outcome = await handle({
    orderId,
    receives,
    sentAt: Number(attributes.SentTimestamp),
  }).catch((error: unknown): Outcome => {
    deps.log.error("order could not be moved on", error, { orderId, messageId });
    return tryAgainIn(RETRY_SECONDS * 2 ** (receives - 1), "order is tried again");
  });
  if (outcome.handled) {
    deps.log.info(outcome.message, { orderId });
    return true;
  }
  deps.log.warn(outcome.reason, { orderId, messageId });
  if (outcome.hideSeconds !== undefined) {
    await hide(deps, receiptHandle, outcome.hideSeconds, messageId);
  }
  return false;
}

/** Where this fails, the message comes back when the queue's own visibility timeout is over. */
async function hide(deps: BatchDeps, receiptHandle: string, seconds: number, messageId: string) {
  try {
    await deps.hideMessage(receiptHandle, seconds);
  } catch (error) {
    deps.log.error("message could not be hidden", error, { messageId });
  }
}
