import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { literal, object, pattern, string, type } from "superstruct";
import { isOf, parseJson } from "./json";
import { logError, logInfo, logWarning } from "./log";
import { ORDER_ID, TIME, type OrderStatus } from "./order";

/** What became of a message: `done` deletes it, otherwise the queue delivers it again. */
export type Outcome = { done: true; what: string } | { done: false; why: string };

/** A queue's message about an order carries nothing but its id: the table has the rest. */
export function orderMessage(orderId: string): string {
  return JSON.stringify({ orderId });
}

/**
 * Runs `handle` for every order of a batch, all at once, and reports those that must be delivered
 * again. A message that is not ours fails alone: its neighbours go on.
 */
export async function consumeOrders(
  event: SQSEvent,
  handle: (orderId: string) => Promise<Outcome>,
): Promise<SQSBatchResponse> {
  const done = await Promise.all(event.Records.map((record) => consumeOrder(record, handle)));
  const failed = event.Records.filter((_record, index) => done[index] !== true);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function consumeOrder(
  { messageId, body }: SQSRecord,
  handle: (orderId: string) => Promise<Outcome>,
): Promise<boolean> {
  const orderId = parseOrderMessage(body);
  if (orderId === undefined) {
    logWarning("message is not an order's", { messageId });
    return false;
  }
  try {
    const outcome = await handle(orderId);
    if (outcome.done) logInfo(outcome.what, { orderId });
    else logWarning(outcome.why, { orderId, messageId });
    return outcome.done;
  } catch (error) {
    logError("order failed, to be delivered again", error, { orderId, messageId });
    return false;
  }
}

function parseOrderMessage(body: string): string | undefined {
  const json = parseJson(body);
  const struct = object({ orderId: pattern(string(), ORDER_ID) });
  return json.ok && isOf(json.value, struct) ? json.value.orderId : undefined;
}

/** The end of an order that a notification tells of; undefined when it is not one of ours. */
export function parseNotification(
  message: string,
): { orderId: string; status: OrderStatus; endedAt: string } | undefined {
  const json = parseJson(message);
  const orderId = pattern(string(), ORDER_ID);
  const time = pattern(string(), TIME);
  const completed = type({ orderId, status: literal("COMPLETED"), completedAt: time });
  const failed = type({ orderId, status: literal("FAILED"), failedAt: time });
  if (!json.ok) return undefined;
  const { value } = json;
  if (isOf(value, completed)) return { ...ended(value), endedAt: value.completedAt };
  if (isOf(value, failed)) return { ...ended(value), endedAt: value.failedAt };
  return undefined;
}

function ended({ orderId, status }: { orderId: string; status: OrderStatus }) {
  return { orderId, status };
}
