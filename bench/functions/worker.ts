// What is measured runs in here: loads a handler, and invokes it. Compiled on its own by
// bench/functions/subject.ts, so it may import nothing but Node's own modules.
import * as path from "node:path";

export interface Timing {
  wallMilliseconds: number;
  /** Of all the process's threads. */
  cpuMilliseconds: number;
}

export interface ToWorker {
  event: unknown;
  invocations: number;
}

export type FromWorker =
  /** Its init. */
  | { type: "ready"; timing: Timing }
  /** All invocations together, and the result of the last one. */
  | { type: "ran"; timing: Timing; result: unknown }
  | { type: "failed"; reason: string };

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const send = (message: FromWorker) => process.send?.(message);

process.on("disconnect", () => process.exit(0));

const sinceStart = stopwatch();
const handler = loadHandler(process.env["_HANDLER"] ?? "", process.env["LAMBDA_TASK_ROOT"] ?? "");
send({ type: "ready", timing: sinceStart() });

process.on("message", ({ event, invocations }: ToWorker) => {
  run(event, invocations).catch((error: unknown) =>
    send({ type: "failed", reason: error instanceof Error ? error.message : String(error) }),
  );
});

async function run(event: unknown, invocations: number): Promise<void> {
  const context = { awsRequestId: "bench", functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"] };
  let result: unknown;
  const sinceNow = stopwatch();
  for (let i = 0; i < invocations; i += 1) result = await handler(event, context);
  send({ type: "ran", timing: sinceNow(), result });
}

function stopwatch(): () => Timing {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      wallMilliseconds: performance.now() - wall,
      cpuMilliseconds: (user + system) / 1000,
    };
  };
}

function loadHandler(name: string, taskRoot: string): Handler {
  const [file = "", exported = ""] = name.split(".");
  const module = require(path.join(taskRoot, file)) as Record<string, Handler | undefined>;
  const found = module[exported];
  if (!found) throw new Error(`${name} is not exported`);
  return found;
}
