import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { startLocalStack } from "../../laptop/stack";
import { eventually } from "../../harness/eventually";
import { startLaptop } from "../../harness/laptop";
import { aRequest } from "../support/orders";
import { copyProject } from "../../harness/project-copy";

const PROJECT = path.join(__dirname, "..", "..");
const started: Started[] = [];

interface Started {
  child: ChildProcess;
  /** Where it keeps its temporary files, and nobody else does. */
  temporary: string;
  stdout: () => string;
  stderr: () => string;
  exitCode: Promise<number | null>;
}

/** What `npm start` runs, as a process group of its own. */
function start(...args: string[]): Started {
  return startIn(PROJECT, ...args);
}

function startIn(cwd: string, ...args: string[]): Started {
  const temporary = mkdtempSync(path.join(tmpdir(), "npm-start-"));
  const child = spawn(
    process.execPath,
    ["--require", "ts-node/register/transpile-only", "laptop/main.ts", ...args],
    {
      cwd,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = once(child, "close").then(([code]) => code as number | null);
  const process_ = { child, temporary, stdout: () => stdout, stderr: () => stderr, exitCode };
  started.push(process_);
  return process_;
}

afterAll(() => {
  for (const { child, temporary } of started) {
    child.kill("SIGKILL");
    rmSync(temporary, { recursive: true, force: true });
  }
});

function apiUrlOf({ stdout }: Started): Promise<string> {
  const line = /^apiUrl: (http:\/\/127\.0\.0\.1:\d+\/dev\/)$/m;
  return eventually("the apiUrl", () => line.exec(stdout())?.[1]);
}

function childrenOf({ stdout }: Started): number[] {
  return [...stdout().matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid));
}

/** What it has put into its temporary directory: ts-node keeps a cache there. */
function filesOf({ temporary }: Started): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("order-processing-"));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ctrl-C in a terminal reaches every process of the group. */
function pressCtrlC({ child }: Started): void {
  process.kill(-(child.pid ?? NaN), "SIGINT");
}

describe("npm start", () => {
  it("says where the API is, then a line for each thing that happens, and stops on Ctrl-C", async () => {
    const stack = start("--port", "0");
    const apiUrl = await apiUrlOf(stack);
    const response = await fetch(`${apiUrl}orders`, {
      method: "POST",
      body: JSON.stringify(aRequest),
    });
    expect(response.status).toBe(202);
    await eventually("the notification to be published", () =>
      /published {5}Order .* order completed/s.test(stack.stdout()),
    );
    const children = childrenOf(stack);
    expect(children.map(isAlive)).toEqual([true, true]);

    pressCtrlC(stack);
    expect(await stack.exitCode).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(filesOf(stack)).toEqual([]);
    expect(stack.stderr()).toBe("");
    const time = String.raw`\d\d:\d\d:\d\d  `;
    const kinds = stack
      .stdout()
      .trim()
      .split("\n")
      .map((line) => line.replace(new RegExp(`^${time}`), "").split(/[ :]/)[0]);
    expect(kinds.sort()).toEqual(["apiUrl", "invocation", "invocation", "published", "request"]);
  });

  it("refuses requests without the API key that it prints, where the config asks for one", async () => {
    const config = readFileSync(path.join(PROJECT, "Pulumi.dev.yaml"), "utf8");
    const copy = copyProject({
      "Pulumi.dev.yaml": `${config.trimEnd()}\n  order-processing:requireApiKey: true\n`,
    });
    for (const name of ["laptop", "command-line"]) {
      cpSync(path.join(PROJECT, name), path.join(copy.directory, name), { recursive: true });
    }
    const stack = startIn(copy.directory, "--port", "0");
    const ordersUrl = `${await apiUrlOf(stack)}orders`;
    const apiKey = await eventually("the key", () => /^apiKey: (.+)$/m.exec(stack.stdout())?.[1]);
    const post = (headers: Record<string, string>) =>
      fetch(ordersUrl, { method: "POST", headers, body: JSON.stringify(aRequest) });

    for (const headers of [{}, { "X-API-Key": "" }, { "X-API-Key": `${apiKey}x` }]) {
      const refused = await post(headers);
      expect(refused.status).toBe(403);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
      expect(await refused.json()).toMatchObject({
        title: "Forbidden",
        status: 403,
        detail: "The API key is missing or not valid.",
      });
    }
    expect((await fetch(`${ordersUrl}/x`)).status).toBe(403);
    const accepted = await post({ "X-API-Key": apiKey });
    expect(accepted.status).toBe(202);
    const { orderId } = (await accepted.json()) as { orderId: string };
    const read = await fetch(`${ordersUrl}/${orderId}`, { headers: { "x-api-key": apiKey } });
    expect(read.status).toBe(200);
    pressCtrlC(stack);
    expect(await stack.exitCode).toBe(0);
    copy.remove();
  });

  it("ends its children when it is killed itself", async () => {
    const stack = start("--port", "0");
    const apiUrl = await apiUrlOf(stack);
    await fetch(`${apiUrl}orders/x`);
    const [pid = 0] = await eventually("a child", () => {
      const children = childrenOf(stack);
      return children.length > 0 && children;
    });
    expect(isAlive(pid)).toBe(true);
    stack.child.kill("SIGKILL");
    await stack.exitCode;
    await eventually("its child to end", () => !isAlive(pid));
  });

  it("stops while it is starting, without a word", async () => {
    const stack = start("--port", "0");
    await eventually("it to be at it", () => filesOf(stack).length > 0);
    pressCtrlC(stack);
    expect(await stack.exitCode).toBe(0);
    expect(stack.stderr()).toBe("");
    expect(stack.stdout()).toBe("");
    expect(filesOf(stack)).toEqual([]);
  });

  it("names a port that is taken", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const stack = start("--port", String(port));
    expect(await stack.exitCode).toBe(1);
    server.close();
    expect(stack.stderr()).toBe(`port ${port} is taken: choose another one with --port or PORT\n`);
  });

  it.each([
    [["--port", "http"], "--port takes a number from 0 to 65535, not http\n"],
    [["--stack", "nowhere"], `there is no Pulumi.nowhere.yaml in ${PROJECT}\n`],
  ])("complains of %j in a sentence", async (args, complaint) => {
    const stack = start(...args);
    expect(await stack.exitCode).toBe(1);
    expect(stack.stderr()).toBe(complaint);
  });

  it("explains itself", async () => {
    const stack = start("--help");
    expect(await stack.exitCode).toBe(0);
    expect(stack.stdout()).toContain("npm start");
  });
});

describe("a program with a resource that the laptop does not know", () => {
  it("runs, and the resource is named in a warning", async () => {
    const index = readFileSync(path.join(PROJECT, "index.ts"), "utf8");
    const bucket = 'new aws.s3.Bucket("invoices");';
    const copy = copyProject({ "index.ts": `${index}\n${bucket}\n` });
    const laptop = await startLaptop({ directory: copy.directory });
    const warnings = laptop.events.filter(({ kind }) => kind === "warning");
    const text =
      'aws:s3/bucket:Bucket "invoices" is not known to the laptop stack: it has no effect here';
    expect(warnings).toEqual([{ kind: "warning", text }]);
    await laptop.stop();
    copy.remove();
  });
});

describe("a program with a queue of its own behind the topic", () => {
  async function startWith(policy: string) {
    const index = readFileSync(path.join(PROJECT, "index.ts"), "utf8");
    const copy = copyProject({
      "index.ts": `${index}
const own = new aws.sqs.Queue("own");
new aws.sns.TopicSubscription("own", {
  topic: topic.arn, protocol: "sqs", endpoint: own.arn, rawMessageDelivery: true,
});
const source = { ArnEquals: { "aws:SourceArn": topic.arn } };
const letIn = { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" } };
${policy}
export const ownUrl = own.url;`,
    });
    const laptop = await startLaptop({ directory: copy.directory });
    return {
      laptop,
      stop: async () => {
        await laptop.stop();
        copy.remove();
      },
    };
  }

  it("delivers there what its policy lets the topic send", async () => {
    const { laptop, stop } = await startWith(`new aws.sqs.QueuePolicy("own", {
  queueUrl: own.url,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: { ...letIn, Action: "sqs:SendMessage", Resource: own.arn, Condition: source },
  }),
});`);
    await laptop.publish("good morning");
    const found = await eventually("the message", async () => {
      const bodies = await laptop.receive("ownUrl");
      return bodies.length > 0 && bodies;
    });
    expect(found).toEqual(["good morning"]);
    await stop();
  });

  it("delivers nothing there without a policy, and says so", async () => {
    const { laptop, stop } = await startWith("void [letIn, source];");
    await laptop.publish("good morning");
    const text = "SNS may not send to own: the queue's policy does not allow it";
    await eventually("the warning", () =>
      laptop.events.some((event) => event.kind === "warning" && event.text === text),
    );
    expect(await laptop.receive("ownUrl")).toEqual([]);
    await stop();
  });
});

describe("a program that cannot start", () => {
  it("says in a sentence what is missing", async () => {
    const copy = copyProject({ "Pulumi.dev.yaml": "" });
    await expect(startLocalStack({ directory: copy.directory })).rejects.toThrow(
      /^aws:region is not set for the stack "dev". Set it with: pulumi config set aws:region/,
    );
    copy.remove();
  });

  it("is complained of with every key that is wrong", async () => {
    const config = { "order-processing:throtle": {}, "order-processing:protectData": "maybe" };
    await expect(startLocalStack({ config })).rejects.toThrow(
      /order-processing:protectData must be true or false\.\norder-processing:throtle is not a config key/,
    );
  });
});
