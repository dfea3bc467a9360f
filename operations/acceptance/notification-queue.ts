import { randomUUID } from "node:crypto";
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { create, record, string, type } from "superstruct";
import type { Notification } from "../../handlers/notification";
import type { ReceivedNotification } from "./acceptance-case";
import { CUSTOMER_ID } from "./requests";

export interface NotificationQueue {
  /** All that has arrived so far, oldest first. */
  read: () => Promise<ReceivedNotification[]>;
  /** Deletes the subscription and the queue. */
  remove: () => Promise<void>;
}

/** What an AWS client of the SDK is made with. */
type ClientConfig = ConstructorParameters<typeof SQSClient>[0];

/** A queue of its own that the topic sends the suite's notifications to, and no customer's. */
export async function makeNotificationQueue(
  config: NonNullable<ClientConfig>,
  TopicArn: string,
): Promise<NotificationQueue> {
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const QueueName = `${CUSTOMER_ID}-${randomUUID()}`;
  const queueArn = TopicArn.replace(/:sns:(.*):[^:]+$/, `:sqs:$1:${QueueName}`);
  const Attributes = { Policy: JSON.stringify(policyOf(queueArn, TopicArn)) };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  let SubscriptionArn: string | undefined;
  const remove = async () => {
    if (SubscriptionArn !== undefined) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    for (const each of [sqs, sns]) each.destroy();
  };
  try {
    const subscription = { TopicArn, Protocol: "sqs", Endpoint: queueArn };
    const FilterPolicy = JSON.stringify({ customerId: [CUSTOMER_ID] });
    const command = new SubscribeCommand({
      ...subscription,
      Attributes: { FilterPolicy },
      ReturnSubscriptionArn: true,
    });
    ({ SubscriptionArn } = await sns.send(command));
  } catch (error) {
    await remove();
    throw error;
  }
  return { read: makeReader(sqs, QueueUrl ?? ""), remove };
}

function policyOf(Resource: string, topicArn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  };
}

/** The queue is deleted in the end: its messages need not be. */
function makeReader(sqs: SQSClient, QueueUrl: string): NotificationQueue["read"] {
  const arrived: ReceivedNotification[] = [];
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 }),
      );
      if (Messages.length === 0) return arrived;
      arrived.push(...Messages.map(({ Body = "" }) => notificationIn(Body)));
    }
  };
}

/** SNS's envelope around it. */
function notificationIn(body: string): ReceivedNotification {
  const attribute = type({ Value: string() });
  const envelope = type({ Message: string(), MessageAttributes: record(string(), attribute) });
  const { Message, MessageAttributes } = create(JSON.parse(body), envelope);
  const values = Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]);
  return {
    notification: JSON.parse(Message) as Notification,
    attributes: Object.fromEntries(values) as Record<string, string>,
  };
}
