import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { StoredOrder } from "../../handlers/life";
import type { Finding } from "./findings";
import { type DeadLetter, receiveDeadLetters } from "./observers/queues";

/** Long enough for a run not to meet one twice. */
const HIDDEN_SECONDS = 120;
const MAX_BATCHES = 1_000;

/**
 * Deletes dead letters about orders that are in the table: the table decides, and needs no message. Leaves
 * all others, and says how many.
 */
export async function clearHints(
  sqs: SQSClient,
  QueueUrl: string,
  readOrder: (orderId: string) => Promise<StoredOrder | undefined>,
): Promise<Finding> {
  const left: DeadLetter[] = [];
  let deleted = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const letters = await receiveDeadLetters(sqs, QueueUrl, readOrder, HIDDEN_SECONDS);
    if (letters.length === 0) break;
    const hints = letters.filter(({ kind }) => kind === "hint");
    await Promise.all(
      hints.map(({ receiptHandle: ReceiptHandle }) =>
        sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
      ),
    );
    deleted += hints.length;
    left.push(...letters.filter(({ kind }) => kind !== "hint"));
  }
  await Promise.all(
    left.map(({ receiptHandle: ReceiptHandle }) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      ),
    ),
  );
  const hints = deleted === 1 ? "1 dead letter" : `${deleted} dead letters`;
  return { level: "ok", text: `${hints} deleted, ${left.length} left` };
}
