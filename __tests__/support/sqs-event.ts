import type { SQSEvent } from "aws-lambda";
import { sqsEvent } from "../../local/event-source";

/** The event of a batch of messages; message i has the id "message-i". */
export function aBatch(...bodies: string[]): SQSEvent {
  const messages = bodies.map((Body, i) => ({ MessageId: `message-${i}`, Body }));
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
