import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { setTimeout } from "node:timers/promises";
import { array, is, nullable, optional, string, type } from "superstruct";
import type { OnEvent } from "../events";
import type { LambdaFunction } from "./execution-environments";
import { makeSemaphore } from "../semaphore";

const PAUSE_AFTER_ERROR = 1000;
/** Lambda begins with as many: one that has to pause does not stop the others. */
const POLLERS = 5;

export interface EventSource {
  /** Ends once no batch is at work: kill the function's sandboxes as well to be quick. */
  stop(): Promise<void>;
}

export interface EventSourceOptions {
  queueArn: string;
  queueUrl: string;
  region: string;
  batchSize: number;
  maximumConcurrency: number;
  reportsBatchItemFailures: boolean;
}

/** An event source mapping: polls a queue and deletes what its function has handled. */
export function startEventSource(
  sqs: SQSClient,
  target: LambdaFunction,
  options: EventSourceOptions,
  onEvent: OnEvent,
): EventSource {
  return startPolling(sqs, options, onEvent, async (messages) => {
    const answer = await target.invoke(sqsEvent(messages, options));
    return answer.ok
      ? handledMessages(messages, options.reportsBatchItemFailures, JSON.parse(answer.json))
      : [];
  });
}

/** Receives messages until stopped, and deletes those that `handle` gives back. */
export function startPolling(
  sqs: SQSClient,
  options: Pick<EventSourceOptions, "queueUrl" | "batchSize" | "maximumConcurrency">,
  onEvent: OnEvent,
  handle: (messages: Message[]) => Promise<Message[]>,
): EventSource {
  const { queueUrl: QueueUrl, batchSize, maximumConcurrency } = options;
  const workers = makeSemaphore(maximumConcurrency);
  const stopping = new AbortController();
  const atWork = new Set<Promise<void>>();
  /** Said once, until messages can be received again. */
  let complaint: string | undefined;

  async function work(messages: Message[]): Promise<void> {
    const handled = await handle(messages);
    if (handled.length === 0) return;
    const Entries = handled.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const release = await workers.acquire();
      const messages = await receive().catch(async (error: unknown) => {
        complain(error);
        await setTimeout(PAUSE_AFTER_ERROR, undefined, { signal: stopping.signal }).catch(() => 0);
        return [];
      });
      if (messages.length === 0) {
        release();
        continue;
      }
      const batch = work(messages).catch(complain).finally(release);
      atWork.add(batch);
      void batch.finally(() => atWork.delete(batch));
    }
  }

  async function receive(): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    const { Messages = [] } = await sqs.send(command, { abortSignal: stopping.signal });
    complaint = undefined;
    return Messages;
  }

  function complain(error: unknown): void {
    const text = `polling ${QueueUrl}: ${String(error)}`;
    if (stopping.signal.aborted || text === complaint) return;
    complaint = text;
    onEvent({ kind: "warning", text });
  }

  const polling = Promise.all(Array.from({ length: POLLERS }, poll));
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(atWork);
    },
  };
}

/** Which messages Lambda deletes after a handler returned `response`. */
export function handledMessages(
  messages: Message[],
  reportsBatchItemFailures: boolean,
  response: unknown,
): Message[] {
  if (!reportsBatchItemFailures) return messages;
  const failed = failedIds(response);
  const ids = messages.map(({ MessageId }) => MessageId);
  // One id that is unknown or empty, and Lambda takes the whole batch for failed.
  if (!failed?.every((id) => ids.includes(id))) return [];
  return messages.filter(({ MessageId = "" }) => !failed.includes(MessageId));
}

function failedIds(response: unknown): string[] | undefined {
  const failures = nullable(array(type({ itemIdentifier: string() })));
  const struct = nullable(type({ batchItemFailures: optional(failures) }));
  if (!is(response, struct)) return undefined;
  return (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
}

export function sqsEvent(
  messages: Message[],
  { queueArn, region }: Pick<EventSourceOptions, "queueArn" | "region">,
): SQSEvent {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId ?? "",
      receiptHandle: message.ReceiptHandle ?? "",
      body: message.Body ?? "",
      attributes: {
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
