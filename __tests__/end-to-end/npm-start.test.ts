import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import * as path from "node:path";
import { eventually } from "../../harness/eventually";
import {
  apiUrlOf,
  copyWithLaptop,
  killAll,
  pressCtrlC,
  PROJECT,
  type Started,
  startIn,
} from "../support/npm-start";
import { aRequest } from "../support/orders";

/** What `npm start` runs here. */
function start(...args: string[]): Started {
  return startIn(PROJECT, ...args);
}

afterAll(killAll);

function childrenOf({ stdout }: Started): number[] {
  return [...stdout().matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid));
}

/** What it has put into its temporary directory: ts-node keeps a cache there. */
function filesOf({ temporary }: Started): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("laptop-stack-"));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("npm start", () => {
  it("prints where the API is, then a line for each event, and stops on Ctrl-C", async () => {
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
    const kindsOfEvents = ["invocation", "invocation", "published", "request"];
    expect(kinds.sort()).toEqual(["apiUrl", "console", ...kindsOfEvents, "starting"]);
  });

  it("stops on Ctrl-C while it is starting, and prints only that it does", async () => {
    const stack = start("--port", "0");
    await eventually("it to start", () => filesOf(stack).length > 0);
    pressCtrlC(stack);
    expect(await stack.exitCode).toBe(0);
    expect(stack.stderr()).toBe("");
    expect(stack.stdout()).toMatch(/^starting: .*\n$/);
    expect(filesOf(stack)).toEqual([]);
  });

  it("names a port that is in use", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const stack = start("--quiet", "--port", String(port));
    expect(await stack.exitCode).toBe(1);
    server.close();
    expect(stack.stdout()).toBe("");
    expect(stack.stderr()).toBe(`port ${port} is taken: choose another one with --port or PORT\n`);
  });

  it("prints an error as a sentence", async () => {
    const stack = start("--stack", "nowhere");
    expect(await stack.exitCode).toBe(1);
    expect(stack.stderr()).toBe(`there is no Pulumi.nowhere.yaml in ${PROJECT}\n`);
  });

  it("prints its options with --help", async () => {
    const stack = start("--help");
    expect(await stack.exitCode).toBe(0);
    expect(stack.stdout()).toContain("npm start");
  });
});

describe("npm start with a config that asks for an API key", () => {
  const config = readFileSync(path.join(PROJECT, "Pulumi.dev.yaml"), "utf8");
  const copy = copyWithLaptop(`${config.trimEnd()}\n  order-processing:requireApiKey: true\n`);
  let stack: Started;

  beforeAll(() => {
    stack = startIn(copy.directory, "--port", "0");
  });
  afterAll(() => copy.remove());

  it("prints the API key that requests need", async () => {
    const ordersUrl = `${await apiUrlOf(stack)}orders`;
    const apiKey = await eventually("the key", () => /^apiKey: (.+)$/m.exec(stack.stdout())?.[1]);
    const post = (headers: Record<string, string>) =>
      fetch(ordersUrl, { method: "POST", headers, body: JSON.stringify(aRequest) });
    expect((await post({})).status).toBe(403);
    expect((await post({ "X-API-Key": apiKey })).status).toBe(202);
  });

  it("ends its children when it is killed itself", async () => {
    const [pid = 0] = await eventually("a child", () => {
      const children = childrenOf(stack);
      return children.length > 0 && children;
    });
    expect(isAlive(pid)).toBe(true);
    stack.child.kill("SIGKILL");
    await stack.exitCode;
    await eventually("its child to end", () => !isAlive(pid));
  });
});
