import type { SNSEvent } from "aws-lambda";
import { create, nullable, optional, record, string, type } from "superstruct";

const envelope = type({
  MessageId: string(),
  TopicArn: string(),
  Subject: nullable(string()),
  Message: string(),
  Timestamp: string(),
  MessageAttributes: optional(record(string(), type({ Type: string(), Value: string() }))),
});

/** From the envelope that SNS puts into a queue to the event that it sends to a function. */
export function snsEvent(body: string): SNSEvent {
  const sns = create(JSON.parse(body), envelope);
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: `${sns.TopicArn}:laptop`,
        Sns: {
          Type: "Notification",
          MessageId: sns.MessageId,
          TopicArn: sns.TopicArn,
          ...(sns.Subject !== null && { Subject: sns.Subject }),
          Message: sns.Message,
          Timestamp: sns.Timestamp,
          MessageAttributes: sns.MessageAttributes ?? {},
          SignatureVersion: "1",
          Signature: "",
          SigningCertUrl: "",
          UnsubscribeUrl: "",
        },
      },
    ],
  };
}
