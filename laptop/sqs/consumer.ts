import { setTimeout } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { OnEvent } from "../events";
import { makePatientSemaphore } from "../patient-semaphore";
import type { Poller } from "../poller";

const PAUSE_AFTER_ERROR = 1000;
/** Lambda begins with as many: one that has to pause does not stop the others. */
const POLLERS = 5;

export interface PollingOptions {
  queueUrl: string;
  batchSize: number;
  maximumConcurrency: number;
}

/** Receives messages until stopped, and deletes those that `handle` gives back. */
export function startPolling(
  sqs: SQSClient,
  { queueUrl: QueueUrl, batchSize, maximumConcurrency }: PollingOptions,
  onEvent: OnEvent,
  handle: (messages: Message[]) => Promise<Message[]>,
): Poller {
  const workers = makePatientSemaphore({ maximum: maximumConcurrency });
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();
  /** Given once, until messages can be received again. */
  let lastWarning: string | undefined;

  async function work(messages: Message[]): Promise<void> {
    const handled = await handle(messages);
    if (handled.length === 0) return;
    const Entries = handled.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const release = await workers.acquire();
      const messages = await receive().catch(pauseAfter);
      if (messages.length === 0) {
        release();
        continue;
      }
      const batch = work(messages).catch(warn).finally(release);
      inFlight.add(batch);
      void batch.finally(() => inFlight.delete(batch));
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
    lastWarning = undefined;
    return Messages;
  }

  async function pauseAfter(error: unknown): Promise<Message[]> {
    warn(error);
    await setTimeout(PAUSE_AFTER_ERROR, undefined, { signal: stopping.signal }).catch(() => 0);
    return [];
  }

  function warn(error: unknown): void {
    const text = `polling ${QueueUrl}: ${String(error)}`;
    if (stopping.signal.aborted || text === lastWarning) return;
    lastWarning = text;
    onEvent({ kind: "warning", text });
  }

  const polling = Promise.all(Array.from({ length: POLLERS }, poll));
  return {
    async stop() {
      stopping.abort();
      workers.open();
      await polling;
      await Promise.all(inFlight);
    },
  };
}
