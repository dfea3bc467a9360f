import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { create, number, type } from "superstruct";
import type { StoredOrder } from "../../../handlers/life";
import { parseOrderMessage } from "../../../handlers/order-message";
import type { DeadLettersSeen, QueueSeen } from "../observations";

const policyStruct = type({ maxReceiveCount: number() });

export async function seeQueue(sqs: SQSClient, QueueUrl: string): Promise<QueueSeen> {
  const attributes = await attributesOf(sqs, QueueUrl);
  const policy = attributes["RedrivePolicy"];
  return {
    visible: Number(attributes["ApproximateNumberOfMessages"]),
    inFlight: Number(attributes["ApproximateNumberOfMessagesNotVisible"]),
    visibilityTimeoutSeconds: Number(attributes["VisibilityTimeout"]),
    maxReceiveCount:
      policy === undefined ? undefined : create(JSON.parse(policy), policyStruct).maxReceiveCount,
  };
}

async function attributesOf(sqs: SQSClient, QueueUrl: string): Promise<Record<string, string>> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  return (await sqs.send(command)).Attributes ?? {};
}

type ReadOrder = (orderId: string) => Promise<StoredOrder | undefined>;

export interface DeadLetter {
  messageId: string;
  receiptHandle: string;
  /** `hint`: about an order that is in the table, which does not need the message. */
  kind: "hint" | "unknown order" | "foreign";
  orderId: string | undefined;
}

const BATCH = 10;

/** Up to ten. Nothing consumes the dead-letter queue, so a receipt more is harmless. */
export async function receiveDeadLetters(
  sqs: SQSClient,
  QueueUrl: string,
  readOrder: ReadOrder,
  hiddenSeconds: number,
): Promise<DeadLetter[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: BATCH,
      VisibilityTimeout: hiddenSeconds,
      // Asks all of SQS's servers: without waiting it may miss messages.
      WaitTimeSeconds: 1,
    }),
  );
  return Promise.all(
    Messages.map(
      async ({ Body = "", MessageId: messageId = "", ReceiptHandle: receiptHandle = "" }) => {
        const orderId = parseOrderMessage(Body);
        const kind = orderId === undefined ? "foreign" : await kindOf(orderId, readOrder);
        return { messageId, receiptHandle, orderId, kind };
      },
    ),
  );
}

async function kindOf(orderId: string, readOrder: ReadOrder): Promise<"hint" | "unknown order"> {
  return (await readOrder(orderId)) ? "hint" : "unknown order";
}

export async function seeDeadLetters(
  sqs: SQSClient,
  QueueUrl: string,
  readOrder: ReadOrder,
): Promise<DeadLettersSeen> {
  const attributes = await attributesOf(sqs, QueueUrl);
  const letters = await receiveDeadLetters(sqs, QueueUrl, readOrder, 0);
  const ofKind = (kind: DeadLetter["kind"]) => letters.filter((each) => each.kind === kind);
  return {
    count: Math.max(Number(attributes["ApproximateNumberOfMessages"]), letters.length),
    lookedAt: letters.length,
    hints: ofKind("hint").length,
    unknownOrders: ofKind("unknown order").map(({ orderId = "" }) => orderId),
    foreign: ofKind("foreign").map(({ messageId }) => messageId),
  };
}
