// What runs inside a Lambda child: loads the handler from the archive and answers one event at a time. In
// JavaScript, and with Node's own modules only, so that it starts at once.
const path = require("node:path");
const { format } = require("node:util");

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};

// The stack is gone, however it went.
process.on("disconnect", () => process.exit(0));

// One stream, or the order of the lines would be lost; and what is written at a time goes in one write.
const { stdout } = process;
const writeNow = stdout.write.bind(stdout);
const uncork = () => stdout.uncork();
function write(...args) {
  stdout.cork();
  process.nextTick(uncork);
  return writeNow(...args);
}
stdout.write = write;
process.stderr.write = write;
process.on("exit", () => {
  while (stdout.writableCorked > 0) stdout.uncork();
});

let currentRequestId = "";
for (const [name, level] of Object.entries(LEVELS)) {
  console[name] = (...args) => {
    write(`\0console ${consoleEntry(level, args)}\n`);
  };
}

const standIns = standInsOf(process.env.LOCAL_STAND_INS);
if (standIns.length > 0) {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const url = standInFor(input instanceof Request ? input.url : String(input));
    if (url === undefined) return fetch(input, init);
    return fetch(input instanceof Request ? new Request(url, input) : url, init);
  };
}

const handler = loadHandler(process.env._HANDLER ?? "", process.env.LAMBDA_TASK_ROOT ?? "");
process.on("message", (invocation) => void answer(invocation));
write("\0ready \n");

/** As Lambda's JSON log format has it. */
function consoleEntry(level, args) {
  const entry = { timestamp: new Date().toISOString(), level, requestId: currentRequestId };
  try {
    if (args.length === 1) return JSON.stringify({ ...entry, message: args[0] }, withErrors);
  } catch {
    // A circle, or a BigInt.
  }
  return JSON.stringify({ ...entry, message: format(...args) });
}

function withErrors(_key, value) {
  if (!(value instanceof Error)) return value;
  const { name, message, stack } = value;
  return { errorType: name, errorMessage: message, stackTrace: stack?.split("\n") };
}

/** See laptop/stand-ins.ts; without the slashes at their ends, the longest first. */
function standInsOf(json = "{}") {
  return Object.entries(JSON.parse(json))
    .map(([key, url]) => [key.replace(/\/$/, ""), url.replace(/\/$/, "")])
    .sort(([one], [other]) => other.length - one.length);
}

function standInFor(url) {
  const found = standIns.find(
    ([key]) => url === key || url.startsWith(`${key}/`) || url.startsWith(`${key}?`),
  );
  return found && found[1] + url.slice(found[0].length);
}

function loadHandler(name, taskRoot) {
  const [file = "", exported = ""] = name.split(".");
  const module = require(path.join(taskRoot, file));
  const found = module[exported];
  if (typeof found !== "function") throw new Error(`${name} is undefined or not exported`);
  // nodejs24.x took callbacks away.
  if (found.length >= 3) throw new Error(`${name} takes a callback, which this runtime refuses`);
  return found;
}

async function answer({ event, requestId, traceId, deadline }) {
  currentRequestId = requestId;
  process.env._X_AMZN_TRACE_ID = traceId;
  // On one line, and after those of its log.
  write(`\0${await result(event, requestId, deadline)}\n`);
}

async function result(event, requestId, deadline) {
  try {
    const value = await handler(event, context(requestId, deadline));
    // Undefined, as AWS has it: no result is null.
    return `result ${requestId} ${JSON.stringify(value ?? null)}`;
  } catch (thrown) {
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return `error ${requestId} ${JSON.stringify({ name, message })}`;
  }
}

function context(awsRequestId, deadline) {
  const env = process.env;
  return {
    awsRequestId,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: env.LOCAL_FUNCTION_ARN,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: String(process.pid),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
