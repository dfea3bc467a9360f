import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { LogEntry, StackEvent } from "../../../laptop/events";
import { unpack } from "../../../laptop/lambda/archive";
import {
  type LambdaFunction,
  makeLambdaFunction,
} from "../../../laptop/lambda/execution-environments";

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-sandbox-"));
const functions: LambdaFunction[] = [];
const events: StackEvent[] = [];
let count = 0;

afterAll(async () => {
  await Promise.all(functions.map((each) => each.stop()));
  rmSync(directory, { recursive: true });
});

/** A function whose archive exports this handler. */
function lambda(handler: string, timeoutMilliseconds = 10_000): LambdaFunction {
  count += 1;
  const home = path.join(directory, String(count));
  const entry = unpack(home, { "__index.js": `exports.handler = ${handler};` });
  const made = makeLambdaFunction(
    "tested",
    {
      directory: home,
      entry,
      memoryMegabytes: 128,
      timeoutMilliseconds,
      environment: { _HANDLER: "__index.handler", LAMBDA_TASK_ROOT: home, MINE: "1" },
    },
    (event) => void events.push(event),
  );
  functions.push(made);
  return made;
}

async function valueOf(target: LambdaFunction, event: unknown = {}): Promise<unknown> {
  const answer = await target.invoke(event);
  return answer.ok ? (JSON.parse(answer.json) as unknown) : answer.error;
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
    ]);
  });

  it("is kept warm, and joined by another when it is busy", async () => {
    const target = lambda(
      "async (slow) => { if (slow) await new Promise((r) => setTimeout(r, 300)); return process.pid; }",
    );
    const [first, second] = await Promise.all([valueOf(target, true), valueOf(target, true)]);
    expect(second).not.toBe(first);
    expect([first, second]).toContain(await valueOf(target, false));
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
    await target.invoke({});
    const last = events.at(-1);
    const log: LogEntry[] = last?.kind === "invocation" ? last.log : [];
    expect(log).toEqual([
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
});
