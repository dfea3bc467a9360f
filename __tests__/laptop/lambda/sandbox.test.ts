import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { eventually } from "../../../harness/eventually";
import type { LogEvent } from "../../../laptop/cloudwatch/log-groups";
import type { LogEntry, StackEvent } from "../../../laptop/events";
import { unpack } from "../../../laptop/lambda/archive";
import {
  type LambdaFunction,
  makeLambdaFunction,
} from "../../../laptop/lambda/execution-environments";
import { UNHESITATING } from "../../../laptop/patient-semaphore";
import { makeTraces } from "../../../laptop/traces/traces";

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-sandbox-"));
const CAUSE = { source: "test" };
const functions: LambdaFunction[] = [];
const events: StackEvent[] = [];
const written: LogEvent[] = [];
let count = 0;

afterAll(async () => {
  await Promise.all(functions.map((each) => each.stop()));
  rmSync(directory, { recursive: true });
});

/** A function whose archive exports this handler. */
function lambda(handler: string, timeoutMilliseconds = 10_000, logLevel?: string): LambdaFunction {
  count += 1;
  const home = path.join(directory, String(count));
  unpack(home, { "__index.js": `exports.handler = ${handler};` });
  const made = makeLambdaFunction(
    "tested",
    {
      directory: home,
      memoryMegabytes: 128,
      timeoutMilliseconds,
      logLevel,
      environment: { _HANDLER: "__index.handler", LAMBDA_TASK_ROOT: home, MINE: "1" },
    },
    { group: "tested-log", write: (event) => void written.push(event) },
    makeTraces(),
    (event) => void events.push(event),
  );
  functions.push(made);
  return made;
}

async function valueOf(target: LambdaFunction, event: unknown = {}): Promise<unknown> {
  const answer = await target.invoke(event, CAUSE);
  return answer.ok ? (JSON.parse(answer.json) as unknown) : answer.error;
}

/** What the invocation that has ended last wrote. */
function lastLog(): LogEntry[] {
  const last = events.at(-1);
  return last?.kind === "invocation" ? last.log : [];
}

describe("a Lambda child", () => {
  it("gets the event and a context, and gives what the handler returns", async () => {
    const target = lambda(
      "async (event, context) => [event, typeof context.awsRequestId, context.getRemainingTimeInMillis() > 0]",
    );
    expect(await valueOf(target, { a: 1 })).toEqual([{ a: 1 }, "string", true]);
  });

  it("sees its own environment and nothing of the laptop's", async () => {
    process.env["OF_THE_LAPTOP"] = "secret";
    const target = lambda("async () => Object.keys(process.env).sort()");
    // Node's own, for the channel to its parent.
    const ofNode = ["NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID"];
    const names = (await valueOf(target)) as string[];
    expect(names.filter((name) => !ofNode.includes(name) && !name.startsWith("__CF"))).toEqual([
      "AWS_SESSION_TOKEN",
      "LAMBDA_TASK_ROOT",
      "MINE",
      "_HANDLER",
      "_X_AMZN_TRACE_ID",
    ]);
  });

  it("is kept warm, and joined by others when it waits for long", async () => {
    const target = lambda(`async (folder) => {
      const { existsSync, writeFileSync } = require("node:fs");
      if (folder) writeFileSync(folder + "/" + process.pid, "");
      while (folder && !existsSync(folder + "/go")) await new Promise((r) => setTimeout(r, 20));
      return process.pid;
    }`);
    const folder = mkdtempSync(path.join(directory, "waiting-"));
    const count = UNHESITATING + 1;
    const waiting = Array.from({ length: count }, () => valueOf(target, folder));
    await eventually("all to wait at a time", () => readdirSync(folder).length === count);
    writeFileSync(path.join(folder, "go"), "");
    const pids = await Promise.all(waiting);
    expect(new Set(pids).size).toBe(count);
    expect(pids).toContain(await valueOf(target, ""));
  });

  it.each([
    ["throws", "async () => { throw new TypeError('no'); }", "TypeError: no"],
    ["throws text", "async () => { throw 'no'; }", "Error: no"],
    ["ends its process", "async () => process.exit(3)", "exited with code 3"],
    ["is killed", "async () => process.kill(process.pid, 'SIGKILL')", "killed by SIGKILL"],
    ["takes a callback", "(event, context, callback) => callback()", "exited with code 1"],
    ["is no function", "7", "exited with code 1"],
  ])("answers with an error when its handler %s", async (_name, handler, error) => {
    expect(await valueOf(lambda(handler))).toBe(error);
  });

  it("is killed when it runs out of time, and replaced for the next event", async () => {
    const target = lambda(
      "async (hang) => (hang ? new Promise(() => setInterval(() => {}, 1000)) : 1)",
      200,
    );
    expect(await valueOf(target, true)).toBe("timed out after 0.2 s");
    expect(await valueOf(target, false)).toBe(1);
  });

  it("writes its log in Lambda's JSON form", async () => {
    const target = lambda(
      "async () => { console.info({ a: 1 }); console.warn('b', 2); console.log('c'); }",
    );
    await target.invoke({}, CAUSE);
    expect(lastLog()).toEqual([
      { level: "INFO", message: { a: 1 } },
      { level: "WARN", message: "b 2" },
      { level: "INFO", message: "c" },
    ]);
  });

  it("starts no process any more once it was stopped", async () => {
    const target = lambda("async () => 1");
    await target.stop();
    expect(await valueOf(target)).toBe("the stack has stopped");
  });

  it("passes lines of JSON on as they are, and other text as messages, in their order", async () => {
    const target = lambda(`async () => {
      process.stdout.write('{"level":"WARN","message":"a","orderId":"o-1"}\\n{"message":');
      await new Promise((resolve) => setImmediate(resolve));
      process.stdout.write('"b"}\\nplain\\n');
      console.log("c");
      process.stderr.write('{"_aws":{},"n":1}\\n[1]\\nthe end');
      console.error(new TypeError("d"));
      process.stdout.write("{");
    }`);
    await target.invoke({}, CAUSE);
    const error = { errorType: "TypeError", errorMessage: "d", stackTrace: expect.any(Array) };
    expect(lastLog()).toEqual([
      { level: "WARN", message: "a", orderId: "o-1" },
      { level: "INFO", message: "b" },
      { level: "INFO", message: "plain" },
      { level: "INFO", message: "c" },
      { level: "INFO", message: undefined, _aws: {}, n: 1 },
      { level: "INFO", message: "[1]" },
      { level: "INFO", message: "the end" },
      { level: "ERROR", message: error },
      { level: "INFO", message: "{" },
    ]);
  });

  it("has its whole log with the result, however long it is", async () => {
    const target = lambda(
      "async () => { for (let n = 0; n < 20000; n += 1) process.stdout.write(JSON.stringify({ n }) + '\\n'); }",
    );
    await target.invoke({}, CAUSE);
    expect(lastLog().map(({ n }) => n)).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
  });

  it("keeps what it wrote before it was killed, also what a child of its own holds open", async () => {
    const target = lambda(
      `async () => {
        require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });
        process.stdout.write('{"n":1}\\n');
        return new Promise(() => setInterval(() => {}, 1000));
      }`,
      200,
    );
    expect(await valueOf(target)).toBe("timed out after 0.2 s");
    expect(lastLog()).toEqual([{ level: "INFO", message: undefined, n: 1 }]);
  });

  it("drops what is below its log level, where a line without one is INFO", async () => {
    const handler = `async () => {
      console.info("a"); console.warn("b");
      process.stdout.write('{"level":"ERROR","message":"c"}\\n{"message":"d"}\\n');
    }`;
    await lambda(handler, 10_000, "WARN").invoke({}, CAUSE);
    expect(lastLog().map(({ message }) => message)).toEqual(["b", "c"]);
  });

  it("writes its log to its log group, and why it failed", async () => {
    const target = lambda(`async () => {
      console.info({ a: 1 });
      process.stdout.write('{"b": 2}\\n');
      throw new TypeError("no");
    }`);
    written.length = 0;
    await target.invoke({}, CAUSE);
    const last = events.at(-1);
    const invocation = last?.kind === "invocation" ? last : undefined;
    expect(invocation).toMatchObject({ logGroup: "tested-log" });
    const requestId = invocation?.requestId;
    const timestamp = expect.stringMatching(/^\d{4}-.*Z$/);
    const [first = "", second, third = ""] = written.map(({ message }) => message);
    expect(JSON.parse(first)).toEqual({ timestamp, level: "INFO", requestId, message: { a: 1 } });
    expect(second).toBe('{"b": 2}');
    const message = "TypeError: no";
    expect(JSON.parse(third)).toEqual({ timestamp, level: "ERROR", requestId, message });
    expect(written).toHaveLength(3);
    const where = { stream: String(invocation?.pid), at: expect.any(Number) };
    for (const each of written) expect(each).toMatchObject(where);
  });

  it("is in a trace of its own for each event", async () => {
    const target = lambda("async () => process.env._X_AMZN_TRACE_ID");
    const [first, second] = [await valueOf(target), await valueOf(target)];
    const trace = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/;
    expect([first, second]).toEqual([expect.stringMatching(trace), expect.stringMatching(trace)]);
    expect(first).not.toBe(second);
  });
});
