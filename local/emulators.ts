import { once } from "node:events";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { create, number, type } from "superstruct";

export interface Emulators {
  /** Ports on 127.0.0.1. */
  ports: { dynamodb: number; messaging: number };
  stop(): Promise<void>;
}

/** Starts DynamoDB, SQS and SNS emulators in memory, in a thread of their own. */
export async function startEmulators(region: string): Promise<Emulators> {
  const worker = new Worker(path.join(__dirname, "emulators-worker.mjs"), {
    workerData: { region },
    execArgv: [],
  });
  const [ports] = (await once(worker, "message")) as unknown[];
  return {
    ports: create(ports, type({ dynamodb: number(), messaging: number() })),
    async stop() {
      await worker.terminate();
    },
  };
}
