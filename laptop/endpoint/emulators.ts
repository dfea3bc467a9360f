import { once } from "node:events";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import type { QueueSample } from "../cloudwatch/observer";
import type { OnEvent } from "../events";

/** The account that fauxqs puts in its ARNs. */
export const ACCOUNT_ID = "000000000000";

/** What takes longer is not waited for: the folder survives a kill, too. */
const CLOSING_MILLISECONDS = 5000;

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
  | { refused: string }
  | { warning: string }
  | { queues: QueueSample[] }
  | { id: number; peeked: PeekedMessage[] };

/**
 * Starts DynamoDB, SQS and SNS emulators in a thread of their own. `onQueues` gets a sample of each queue every
 * second. `data`: the folder that keeps tables and messages, which are in memory only without it.
 */
export async function startEmulators(
  region: string,
  onEvent: OnEvent,
  onQueues: (samples: QueueSample[]) => void = () => undefined,
  data?: string,
): Promise<Emulators> {
  const worker = new Worker(path.join(__dirname, "emulators-worker.mjs"), {
    workerData: { region, accountId: ACCOUNT_ID, data },
    // dynalite takes region and account of its ARNs from there.
    env: { ...process.env, AWS_REGION: region, AWS_ACCOUNT_ID: ACCOUNT_ID },
    execArgv: [],
  });
  const urls = await new Promise<Emulators["urls"]>((resolve, reject) => {
    worker.on("error", (error) => {
      reject(error);
      onEvent({ kind: "warning", text: `the emulators failed: ${error.message}` });
    });
    worker.once("exit", () => reject(new Error("the emulators did not start")));
    worker.on("message", (message: Message) => {
      if ("urls" in message) resolve(message.urls);
      else if ("refused" in message) reject(new Error(message.refused));
      else if ("queues" in message) onQueues(message.queues);
      else if ("warning" in message) onEvent({ kind: "warning", text: message.warning });
    });
  });
  return {
    urls,
    peek: peeking(worker),
    async stop() {
      if (data !== undefined) {
        const closed = once(worker, "exit", { signal: AbortSignal.timeout(CLOSING_MILLISECONDS) });
        worker.postMessage("stop");
        await closed.catch(() => undefined);
      }
      await worker.terminate();
    },
  };
}

function peeking(worker: Worker): Emulators["peek"] {
  const waiting = new Map<number, (messages: PeekedMessage[]) => void>();
  let count = 0;
  worker.on("message", (message: Message) => {
    if ("peeked" in message) waiting.get(message.id)?.(message.peeked);
  });
  return async (queue) => {
    const id = (count += 1);
    const peeked = new Promise<PeekedMessage[]>((resolve) => waiting.set(id, resolve));
    worker.postMessage({ id, peek: queue });
    return peeked.finally(() => waiting.delete(id));
  };
}
