import {
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SNSEvent } from "aws-lambda";
import type { OnEvent } from "../events";
import { invokeAsynchronously, type RetryPolicy } from "../lambda/asynchronous-invocation";
import type { LambdaFunction } from "../lambda/execution-environments";
import type { Poller } from "../poller";
import { startPolling } from "../sqs/consumer";
import { snsEvent } from "./sns-event";

const CONCURRENCY = 10;

export interface DeliveryOptions {
  /** Of the hidden queue in which the topic's messages arrive. */
  queueUrl: string;
  /** Whether the subscriber's own policy allows the topic. */
  isPermitted: () => boolean;
}

/** Delivers a topic's messages to a function, which is invoked asynchronously. */
export function deliverToFunction(
  sqs: SQSClient,
  target: LambdaFunction,
  { queueUrl, isPermitted }: DeliveryOptions,
  policy: () => RetryPolicy,
  onEvent: OnEvent,
): Poller {
  const refusal = `SNS may not invoke ${target.name}: no aws.lambda.Permission allows it`;
  const deliver = async (event: SNSEvent) => {
    const result = await invokeAsynchronously(target, event, policy());
    if (result.ok) announce(event, target.name, true, onEvent);
  };
  return startDelivery(
    sqs,
    queueUrl,
    onEvent,
    whenPermitted(isPermitted, refusal, onEvent, deliver),
  );
}

/** Delivers a topic's messages to a queue of the stack, as SNS's envelope or as they are. */
export function deliverToQueue(
  sqs: SQSClient,
  to: { queueUrl: string; isRaw: boolean },
  { queueUrl, isPermitted }: DeliveryOptions,
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
    announce(event, name, true, onEvent);
  };
  return startDelivery(
    sqs,
    queueUrl,
    onEvent,
    whenPermitted(isPermitted, refusal, onEvent, deliver),
  );
}

/** Logs what a subscriber outside of the laptop would be sent. */
export function logOnly(
  sqs: SQSClient,
  queueUrl: string,
  protocol: string,
  onEvent: OnEvent,
): Poller {
  return startDelivery(sqs, queueUrl, onEvent, (event) => {
    announce(event, protocol, false, onEvent);
  });
}

type Deliver = (event: SNSEvent, body: string) => Promise<void> | void;

/** SNS drops a message that the subscriber's policy denies: it does not retry that. */
function whenPermitted(
  isPermitted: () => boolean,
  refusal: string,
  onEvent: OnEvent,
  deliver: Deliver,
): Deliver {
  return (event, body) =>
    isPermitted() ? deliver(event, body) : onEvent({ kind: "warning", text: refusal });
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

function announce(event: SNSEvent, to: string, delivered: boolean, onEvent: OnEvent): void {
  for (const { Sns } of event.Records) {
    onEvent({ kind: "notification", subject: Sns.Subject ?? Sns.MessageId, to, delivered });
  }
}
