import * as path from "node:path";
import { Worker } from "node:worker_threads";
import type { QueueSample } from "../cloudwatch/observer";
import type { OnEvent } from "../events";

/** The account that fauxqs puts in its ARNs. */
export const ACCOUNT_ID = "000000000000";

export interface Emulators {
  urls: { dynamodb: string; messaging: string };
  /** A queue's messages, without receiving them; none of a queue that does not exist. */
  peek(queue: string): Promise<PeekedMessage[]>;
  stop(): Promise<void>;
}

export interface PeekedMessage {
  messageId: string;
  state: "waiting" | "in flight" | "delayed";
  body: string;
  /** Milliseconds since 1970. */
  sentAt: number;
  receives: number;
  /** When it can be received again; undefined where it can be now. */
  visibleAt: number | undefined;
}

type Message =
  | { urls: Emulators["urls"] }
  | { warning: string }
  | { queues: QueueSample[] }
  | { id: number; peeked: PeekedMessage[] };

/**
 * Starts DynamoDB, SQS and SNS emulators in memory, in a thread of their own. `onQueues` gets a sample of each
 * queue every second.
 */
export async function startEmulators(
  region: string,
  onEvent: OnEvent,
  onQueues: (samples: QueueSample[]) => void = () => undefined,
): Promise<Emulators> {
  const worker = new Worker(path.join(__dirname, "emulators-worker.mjs"), {
    workerData: { region, accountId: ACCOUNT_ID },
    // dynalite takes region and account of its ARNs from there.
    env: { ...process.env, AWS_REGION: region, AWS_ACCOUNT_ID: ACCOUNT_ID },
    execArgv: [],
  });
  const peeks = new Map<number, (messages: PeekedMessage[]) => void>();
  let peekCount = 0;
  const urls = await new Promise<Emulators["urls"]>((resolve, reject) => {
    worker.on("error", (error) => {
      reject(error);
      onEvent({ kind: "warning", text: `the emulators failed: ${error.message}` });
    });
    worker.once("exit", () => reject(new Error("the emulators did not start")));
    worker.on("message", (message: Message) => {
      if ("urls" in message) resolve(message.urls);
      else if ("queues" in message) onQueues(message.queues);
      else if ("peeked" in message) peeks.get(message.id)?.(message.peeked);
      else onEvent({ kind: "warning", text: message.warning });
    });
  });
  return {
    urls,
    async peek(queue) {
      const id = (peekCount += 1);
      const peeked = new Promise<PeekedMessage[]>((resolve) => peeks.set(id, resolve));
      worker.postMessage({ id, peek: queue });
      return peeked.finally(() => peeks.delete(id));
    },
    async stop() {
      await worker.terminate();
    },
  };
}
