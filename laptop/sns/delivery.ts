import {
  type Message,
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
import { contextOf, formatTraceHeader, type TraceContext } from "../traces/trace-header";
import type { Tracing } from "../traces/tracing";
import { snsEvent } from "./sns-event";

const CONCURRENCY = 10;
/** As many as SQS gives at a time. */
const BATCH = 10;

export interface DeliveryOptions {
  /** Of the hidden queue in which the topic's messages arrive. */
  queueUrl: string;
  /** The topic's name. */
  topic: string;
  tracing: Tracing;
  onEvent: OnEvent;
}

export interface GuardedDelivery extends DeliveryOptions {
  /** Whether the subscriber's own policy allows the topic. */
  isPermitted: () => boolean;
}

/** Delivers a topic's messages to a function, which is invoked asynchronously. */
export function deliverToFunction(
  sqs: SQSClient,
  target: LambdaFunction,
  options: GuardedDelivery,
  policy: () => RetryPolicy,
): Poller {
  const refusal = `SNS may not invoke ${target.name}: no aws.lambda.Permission allows it`;
  const source = `topic:${options.topic}`;
  return startDelivery(
    sqs,
    { kind: "function", name: target.name },
    options,
    async (event, _body, contexts) => {
      if (!options.isPermitted()) return { delivered: false, refusal };
      const result = await invokeAsynchronously(target, event, { source, contexts }, policy());
      return result.ok ? { delivered: true } : undefined;
    },
  );
}

/** Delivers a topic's messages to a queue of the stack, as SNS's envelope or as they are. */
export function deliverToQueue(
  sqs: SQSClient,
  to: { queueUrl: string; isRaw: boolean },
  options: GuardedDelivery,
): Poller {
  const name = to.queueUrl.slice(to.queueUrl.lastIndexOf("/") + 1);
  const refusal = `SNS may not send to ${name}: the queue's policy does not allow it`;
  return startDelivery(sqs, { kind: "queue", name }, options, async (event, body, context) => {
    if (!options.isPermitted()) return { delivered: false, refusal };
    const header = { DataType: "String", StringValue: formatTraceHeader(context) };
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: to.queueUrl,
        MessageSystemAttributes: { AWSTraceHeader: header },
        ...(to.isRaw ? rawMessage(event) : { MessageBody: body }),
      }),
    );
    return { delivered: true };
  });
}

function rawMessage(event: SNSEvent) {
  const { Message = "", MessageAttributes = {} } = event.Records[0]?.Sns ?? {};
  const attributes = Object.entries(MessageAttributes).map(([key, { Type, Value }]) => [
    key,
    { DataType: Type, StringValue: Value },
  ]);
  return {
    MessageBody: Message,
    MessageAttributes: Object.fromEntries(attributes) as Record<string, MessageAttributeValue>,
  };
}

/** Logs what a subscriber outside of the laptop would be sent. */
export function logOnly(sqs: SQSClient, options: DeliveryOptions, protocol: string): Poller {
  return startDelivery(sqs, { kind: "subscriber", name: protocol }, options, () => ({
    delivered: false,
  }));
}

/** SNS drops a message that the subscriber's policy denies: it does not retry that. */
type Result = { delivered: boolean; refusal?: string };

/** Gives undefined where the subscriber has failed. `context`: what the delivery causes is of it. */
type Deliver = (
  event: SNSEvent,
  body: string,
  context: TraceContext,
) => Promise<Result | undefined> | Result;

function startDelivery(
  sqs: SQSClient,
  { kind, name: to }: { kind: "function" | "queue" | "subscriber"; name: string },
  { queueUrl, topic, tracing, onEvent }: DeliveryOptions,
  deliver: Deliver,
): Poller {
  const { traces, messages } = tracing;
  async function deliverOne({ Body = "" }: Message): Promise<void> {
    const event = snsEvent(Body);
    const { MessageId = "", Subject = MessageId } = event.Records[0]?.Sns ?? {};
    const span = traces.begin("delivery", messages.contextOf(MessageId), {
      ...{ name: `${topic} to ${to}`, topic, subscriber: `${kind}:${to}`, delivered: false },
    });
    const result = await deliver(event, Body, contextOf(span));
    span.delivered = result?.delivered === true;
    traces.end(span, result ? result.refusal : `${to} has failed`);
    if (result) onEvent({ kind: "notification", subject: Subject, topic, to, ...result });
  }

  const options = { queueUrl, batchSize: BATCH, maximumConcurrency: CONCURRENCY };
  return startPolling(sqs, options, onEvent, async (received) => {
    const results = await Promise.allSettled(received.map(deliverOne));
    return received.filter((_, i) => {
      const result = results[i];
      if (result?.status !== "rejected") return true;
      onEvent({ kind: "warning", text: `${topic} to ${to}: ${String(result.reason)}` });
      return false;
    });
  });
}
