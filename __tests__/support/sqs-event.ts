import type { SQSEvent } from "aws-lambda";
import { sqsEvent } from "../../laptop/lambda/sqs-event";
import { NOW } from "./orders";

export interface Delivery {
  body: string;
  /** Of this message so far, this one included. */
  receives?: number;
  sentAt?: Date;
}

/** The event of a batch of messages; message i has the id "message-i" and the receipt "receipt-i". */
export function aBatch(...deliveries: (string | Delivery)[]): SQSEvent {
  const messages = deliveries.map((delivery, i) => {
    const {
      body,
      receives = 1,
      sentAt = NOW,
    }: Delivery = typeof delivery === "string" ? { body: delivery } : delivery;
    return {
      MessageId: `message-${i}`,
      ReceiptHandle: `receipt-${i}`,
      Body: body,
      Attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt.getTime()),
      },
    };
  });
  return sqsEvent(messages, {
    queueArn: "arn:aws:sqs:eu-west-1:000000000000:q",
    region: "eu-west-1",
  });
}

export function failuresOf(response: {
  batchItemFailures: { itemIdentifier: string }[];
}): string[] {
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
