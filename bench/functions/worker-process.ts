import { fork } from "node:child_process";
import type { Subject } from "./subject";
import type { FromWorker, Timing, ToWorker } from "./worker";

/** A process with a handler in it. */
export interface Worker {
  init: Timing;
  /** Invokes it so many times, one after the other: all of them together. */
  run(event: unknown, invocations: number): Promise<Timing>;
  stop(): Promise<void>;
}

/** Runs it by this Node. Rejects where the handler cannot be loaded. */
export async function startWorker(subject: Subject, node: string): Promise<Worker> {
  const { name, entry, environment, memoryMegabytes } = subject;
  const child = fork(entry, [], {
    execPath: node,
    execArgv: [`--max-old-space-size=${memoryMegabytes}`],
    env: environment,
    // Its log goes nowhere.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("error", reject);
    void exited.then(() => reject(new Error(`${name} has ended early\n${stderr}`)));
  });
  ended.catch(() => undefined);
  const next = () =>
    Promise.race([new Promise<FromWorker>((resolve) => child.once("message", resolve)), ended]);

  const ready = await next();
  if (ready.type !== "ready") throw new Error(`${name} was not loaded`);
  return {
    init: ready.timing,
    async run(event, invocations) {
      const done = next();
      child.send({ event, invocations } satisfies ToWorker);
      const answer = await done;
      if (answer.type !== "ran") throw new Error(`${name} has failed: ${JSON.stringify(answer)}`);
      if (!isSuccess(answer.result)) {
        throw new Error(`${name} has failed: ${JSON.stringify(answer.result)}`);
      }
      return answer.timing;
    },
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A response to a request, a partial batch response, or the nothing of a floor. */
function isSuccess(result: unknown): boolean {
  const { statusCode = 200, batchItemFailures = [] } = (result ?? {}) as {
    statusCode?: number;
    batchItemFailures?: unknown[];
  };
  return statusCode < 300 && batchItemFailures.length === 0;
}
