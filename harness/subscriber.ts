import { type SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { create, string, type } from "superstruct";
import type { Notification } from "../handlers/notification";

/** Subscribes a new queue to a topic. Gives what reads, and deletes, all notifications that have arrived. */
export async function subscribeQueue(
  sqs: SQSClient,
  sns: SNSClient,
  TopicArn: string,
  QueueName: string,
): Promise<() => Promise<Notification[]>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const Endpoint = TopicArn.replace(/:sns:(.*):[^:]+$/, `:sqs:$1:${QueueName}`);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return async () => {
    const arrived: Notification[] = [];
    for (;;) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await sqs.send(command);
      if (Messages.length === 0) return arrived;
      arrived.push(...Messages.map(({ Body = "" }) => notificationIn(Body)));
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
}

function notificationIn(envelope: string): Notification {
  const { Message } = create(JSON.parse(envelope), type({ Message: string() }));
  return JSON.parse(Message) as Notification;
}
