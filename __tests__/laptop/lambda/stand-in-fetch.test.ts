import { mkdtempSync, rmSync } from "node:fs";
import * as http from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { unpack } from "../../../laptop/lambda/archive";
import { type Sandbox, startSandbox } from "../../../laptop/lambda/sandbox";
import { type LoopbackServer, startLoopbackServer } from "../../../laptop/loopback-server";

/** Fetches what it is asked for, by a text, a URL or a Request; gives what came back. */
const HANDLER = `exports.handler = async ({ url, form, method, body }) => {
  const init = { method, body, headers: { "x-own": "1" } };
  const forms = {
    text: () => fetch(url, init),
    url: () => fetch(new URL(url), init),
    request: () => fetch(new Request(url, init)),
  };
  return (await forms[form ?? "text"]()).json();
};`;

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-stand-ins-"));
let server: LoopbackServer;
let sandbox: Sandbox;

beforeAll(async () => {
  const echo = http.createServer((request, response) => {
    const { method, url, headers } = request;
    text(request)
      .then((body) => response.end(JSON.stringify({ method, url, own: headers["x-own"], body })))
      .catch(() => response.destroy());
  });
  server = await startLoopbackServer(echo, 0);
  const standIns = {
    "https://idp.example.com/tenant/": `${server.url}/tenant`,
    "https://idp.example.com/tenant/keys": `${server.url}/keys`,
    "https://api.example.com": `${server.url}/api/`,
  };
  unpack(directory, { "index.js": HANDLER });
  sandbox = startSandbox({
    directory,
    environment: {
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: directory,
      LOCAL_STAND_INS: JSON.stringify(standIns),
    },
    memoryMegabytes: 128,
    timeoutMilliseconds: 10_000,
  });
});
afterAll(async () => {
  await sandbox.kill();
  await server.stop();
  rmSync(directory, { recursive: true });
});

async function fetched(event: object): Promise<unknown> {
  const invocation = { event: { method: "GET", ...event }, requestId: "r", traceId: "t" };
  const result = await sandbox.invoke(invocation, () => undefined);
  return result.ok ? JSON.parse(result.json) : result.error;
}

describe("a function's fetch", () => {
  it.each([
    ["https://idp.example.com/tenant/", "/tenant/"],
    ["https://idp.example.com/tenant", "/tenant"],
    ["https://idp.example.com/tenant/.well-known/jwks.json", "/tenant/.well-known/jwks.json"],
    ["https://idp.example.com/tenant/keys", "/keys"],
    ["https://idp.example.com/tenant/keys/1?x=1", "/keys/1?x=1"],
    ["https://idp.example.com/tenant/keys?x=1", "/keys?x=1"],
    ["https://idp.example.com/tenant/keystore", "/tenant/keystore"],
    ["https://api.example.com", "/api"],
    ["https://api.example.com/orders", "/api/orders"],
  ])("of %s goes to the machine's own %s", async (url, local) => {
    expect(await fetched({ url })).toMatchObject({ url: local });
  });

  it.each(["text", "url", "request"])(
    "may be by a %s, and keeps all of the request",
    async (form) => {
      const url = "https://api.example.com/orders";
      expect(await fetched({ url, form, method: "POST", body: "milk" })).toEqual({
        method: "POST",
        url: "/api/orders",
        own: "1",
        body: "milk",
      });
    },
  );

  it.each(["text", "url", "request"])("goes where it says otherwise: a %s", async (form) => {
    const url = `${server.url}/elsewhere`;
    const expected = { method: "POST", url: "/elsewhere", own: "1", body: "milk" };
    expect(await fetched({ url, form, method: "POST", body: "milk" })).toEqual(expected);
  });

  it("is not taken in by a host that begins alike", async () => {
    // A name that RFC 2606 keeps from being one.
    expect(await fetched({ url: "https://api.example.com.invalid/" })).toBe(
      "TypeError: fetch failed",
    );
  });
});
