import {
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SNSEvent } from "aws-lambda";
import type { OnEvent, StackEvent } from "../events";
import { invokeAsynchronously, type RetryPolicy } from "../lambda/asynchronous-invocation";
import type { LambdaFunction } from "../lambda/execution-environments";
import type { Poller } from "../poller";
import { startPolling } from "../sqs/consumer";
import { snsEvent } from "./sns-event";

const CONCURRENCY = 10;

export interface DeliveryOptions {
  /** Of the hidden queue in which the topic's messages arrive. */
  queueUrl: string;
  /** The topic's name. */
  topic: string;
  /** Whether the subscriber's own policy allows the topic. */
  isPermitted: () => boolean;
}

/** Delivers a topic's messages to a function, which is invoked asynchronously. */
export function deliverToFunction(
  sqs: SQSClient,
  target: LambdaFunction,
  options: DeliveryOptions,
  policy: () => RetryPolicy,
  onEvent: OnEvent,
): Poller {
  const to = { topic: options.topic, to: target.name };
  const refusal = `SNS may not invoke ${target.name}: no aws.lambda.Permission allows it`;
  const deliver = async (event: SNSEvent) => {
    const result = await invokeAsynchronously(target, event, policy());
    if (result.ok) announce(event, { ...to, delivered: true }, onEvent);
  };
  const refuse = (event: SNSEvent) =>
    announce(event, { ...to, delivered: false, refusal }, onEvent);
  const { queueUrl, isPermitted } = options;
  return startDelivery(sqs, queueUrl, onEvent, whenPermitted(isPermitted, refuse, deliver));
}

/** Delivers a topic's messages to a queue of the stack, as SNS's envelope or as they are. */
export function deliverToQueue(
  sqs: SQSClient,
  to: { queueUrl: string; isRaw: boolean },
  { queueUrl, topic, isPermitted }: DeliveryOptions,
  onEvent: OnEvent,
): Poller {
  const name = to.queueUrl.slice(to.queueUrl.lastIndexOf("/") + 1);
  const refusal = `SNS may not send to ${name}: the queue's policy does not allow it`;
  const deliver = async (event: SNSEvent, body: string) => {
    const { Message = "", MessageAttributes = {} } = event.Records[0]?.Sns ?? {};
    const attributes = Object.entries(MessageAttributes).map(([key, { Type, Value }]) => [
      key,
      { DataType: Type, StringValue: Value },
    ]);
    const raw = {
      MessageBody: Message,
      MessageAttributes: Object.fromEntries(attributes) as Record<string, MessageAttributeValue>,
    };
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: to.queueUrl,
        ...(to.isRaw ? raw : { MessageBody: body }),
      }),
    );
    announce(event, { topic, to: name, delivered: true }, onEvent);
  };
  const refuse = (event: SNSEvent) =>
    announce(event, { topic, to: name, delivered: false, refusal }, onEvent);
  return startDelivery(sqs, queueUrl, onEvent, whenPermitted(isPermitted, refuse, deliver));
}

/** Logs what a subscriber outside of the laptop would be sent. */
export function logOnly(
  sqs: SQSClient,
  { queueUrl, topic }: Pick<DeliveryOptions, "queueUrl" | "topic">,
  protocol: string,
  onEvent: OnEvent,
): Poller {
  return startDelivery(sqs, queueUrl, onEvent, (event) => {
    announce(event, { topic, to: protocol, delivered: false }, onEvent);
  });
}

type Deliver = (event: SNSEvent, body: string) => Promise<void> | void;

/** SNS drops a message that the subscriber's policy denies: it does not retry that. */
function whenPermitted(
  isPermitted: () => boolean,
  refuse: (event: SNSEvent) => void,
  deliver: Deliver,
): Deliver {
  return (event, body) => (isPermitted() ? deliver(event, body) : refuse(event));
}

function startDelivery(
  sqs: SQSClient,
  queueUrl: string,
  onEvent: OnEvent,
  deliver: Deliver,
): Poller {
  const options = { queueUrl, batchSize: 1, maximumConcurrency: CONCURRENCY };
  return startPolling(sqs, options, onEvent, async (messages) => {
    for (const { Body = "" } of messages) await deliver(snsEvent(Body), Body);
    return messages;
  });
}

type Notification = Extract<StackEvent, { kind: "notification" }>;

function announce(
  event: SNSEvent,
  result: Omit<Notification, "kind" | "subject">,
  onEvent: OnEvent,
): void {
  for (const { Sns } of event.Records) {
    onEvent({ kind: "notification", subject: Sns.Subject ?? Sns.MessageId, ...result });
  }
}
