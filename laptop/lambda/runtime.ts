// What runs inside a Lambda child: loads the handler from the archive and answers one event at a
// time. Compiled on its own by laptop/lambda/archive.ts, so it may import nothing but Node's own modules.
import * as path from "node:path";
import { format } from "node:util";

interface Invocation {
  event: unknown;
  requestId: string;
  deadline: number;
}

type Handler = (event: unknown, context: unknown) => unknown;

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

// The stack is gone, however it went.
process.on("disconnect", () => process.exit(0));

for (const [name, level] of Object.entries(LEVELS)) {
  console[name as keyof typeof LEVELS] = (...args: unknown[]) => {
    const [first] = args;
    const message = args.length === 1 && typeof first === "object" ? first : format(...args);
    process.send?.({ type: "log", entry: { level, message } });
  };
}

const handler = loadHandler(process.env["_HANDLER"] ?? "", process.env["LAMBDA_TASK_ROOT"] ?? "");
process.on("message", (invocation: Invocation) => void answer(invocation));
process.send?.({ type: "ready" });

function loadHandler(name: string, taskRoot: string): Handler {
  const [file = "", exported = ""] = name.split(".");
  const module = require(path.join(taskRoot, file)) as Record<string, unknown>;
  const found = module[exported];
  if (typeof found !== "function") throw new Error(`${name} is undefined or not exported`);
  // nodejs24.x took callbacks away.
  if (found.length >= 3) throw new Error(`${name} takes a callback, which this runtime refuses`);
  return found as Handler;
}

async function answer({ event, requestId, deadline }: Invocation): Promise<void> {
  try {
    const value = await handler(event, context(requestId, deadline));
    // Undefined, as AWS has it: no result is null.
    process.send?.({ type: "result", json: JSON.stringify(value ?? null) });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    process.send?.({ type: "error", name: error.name, message: error.message });
  }
}

function context(awsRequestId: string, deadline: number): object {
  const env = process.env;
  return {
    awsRequestId,
    functionName: env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: "$LATEST",
    invokedFunctionArn: env["LOCAL_FUNCTION_ARN"],
    memoryLimitInMB: env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: String(process.pid),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
