import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { customerTexts, type Notification } from "../notification";
import type { Language } from "../texts/language";

export function makeNotifyCustomer(sns: SNSClient, TopicArn: string, language: Language) {
  return async (notification: Notification): Promise<void> => {
    const { subject, email, sms } = customerTexts(notification, language);
    await sns.send(
      new PublishCommand({
        TopicArn,
        Subject: subject,
        MessageStructure: "json",
        Message: JSON.stringify({ default: JSON.stringify(notification), email, sms }),
        MessageAttributes: {
          customerId: { DataType: "String", StringValue: notification.customerId },
          status: { DataType: "String", StringValue: notification.status },
        },
      }),
    );
  };
}
