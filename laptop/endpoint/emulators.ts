import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import type { QueueSample } from "../cloudwatch/observer";
import type { OnEvent } from "../events";
import type { AwsResponse } from "./errors";

/** The account that fauxqs puts in its ARNs. */
export const ACCOUNT_ID = "000000000000";

/** What takes longer is not waited for: the folder survives a kill, too. */
const CLOSING_MILLISECONDS = 5000;

/** DynamoDB, or SQS and SNS. */
export type Emulator = "dynamodb" | "messaging";

export interface EmulatorRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Never settles where the emulator has failed at the request. */
export type Emulate = (emulator: Emulator, request: EmulatorRequest) => Promise<AwsResponse>;

export interface Emulators {
  emulate: Emulate;
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
  | { started: true }
  | { refused: string }
  | { warning: string }
  | { queues: QueueSample[] }
  | { id: number; answer: unknown };

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
  const ask = makeAsk(worker);
  await started(worker, onEvent, onQueues);
  return {
    async emulate(emulator, request) {
      type Response = Omit<AwsResponse, "body"> & { body: string };
      const { body, ...others } = await ask<Response>({ emulator, request });
      return { ...others, body: Buffer.from(body) };
    },
    peek: (queue) => ask({ peek: queue }),
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

function started(
  worker: Worker,
  onEvent: OnEvent,
  onQueues: (samples: QueueSample[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("error", (error) => {
      reject(error);
      onEvent({ kind: "warning", text: `the emulators failed: ${error.message}` });
    });
    worker.once("exit", () => reject(new Error("the emulators did not start")));
    worker.on("message", (message: Message) => {
      if ("started" in message) resolve();
      else if ("refused" in message) reject(new Error(message.refused));
      else if ("queues" in message) onQueues(message.queues);
      else if ("warning" in message) onEvent({ kind: "warning", text: message.warning });
    });
  });
}

/** Questions to a worker that gives each answer with the number of its question. */
function makeAsk(worker: Worker): <T>(question: object) => Promise<T> {
  const waiting = new Map<number, (answer: never) => void>();
  let count = 0;
  worker.on("message", (message: Message) => {
    if (!("id" in message)) return;
    waiting.get(message.id)?.(message.answer as never);
    waiting.delete(message.id);
  });
  return (question) =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      worker.postMessage({ ...question, id: count });
    });
}
