import type { Message } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";

/** The event by which Lambda invokes a function with a batch of messages. */
export function sqsEvent(
  messages: Message[],
  { queueArn, region }: { queueArn: string; region: string },
): SQSEvent {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId ?? "",
      receiptHandle: message.ReceiptHandle ?? "",
      body: message.Body ?? "",
      attributes: {
        ...(message.Attributes?.AWSTraceHeader !== undefined && {
          AWSTraceHeader: message.Attributes.AWSTraceHeader,
        }),
        ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? "",
        SentTimestamp: message.Attributes?.SentTimestamp ?? "",
        SenderId: message.Attributes?.SenderId ?? "",
        ApproximateFirstReceiveTimestamp:
          message.Attributes?.ApproximateFirstReceiveTimestamp ?? "",
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          {
            dataType: value.DataType ?? "String",
            ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
          },
        ]),
      ),
      md5OfBody: message.MD5OfBody ?? "",
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  };
}
