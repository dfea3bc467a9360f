import * as http from "node:http";
import * as path from "node:path";
import type { StackEvent } from "../../laptop/events";
import { makeIssuer } from "../../laptop/issuer/issuer";
import { startLoopbackServer } from "../../laptop/loopback-server";
import { type RunningStack, type StackOptions, startStack } from "../../laptop/stack";

const ISSUER = "https://idp.example.com";
const directory = path.join(__dirname, "..", "fixtures", "guarded-program");

async function start(options: StackOptions = {}) {
  const events: StackEvent[] = [];
  const onEvent = (event: StackEvent) => void events.push(event);
  return { events, stack: await startStack({ ...options, directory, onEvent }) };
}

async function tokenOf(issuerUrl: string): Promise<string> {
  const body = JSON.stringify({ claims: { sub: "ann" } });
  const response = await fetch(`${issuerUrl}/_laptop/issuer/token`, { method: "POST", body });
  return ((await response.json()) as { token: string }).token;
}

async function greeting({ outputs }: RunningStack, token?: string): Promise<unknown[]> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${String(outputs["apiUrl"])}greeting`, { headers });
  return [response.status, await response.text()];
}

const namesOf = (events: StackEvent[]) =>
  events.flatMap((event) => (event.kind === "invocation" ? [event.function] : []));

describe("a program with an authorizer", () => {
  it("takes tokens of the issuer that the laptop stands in for, and no others", async () => {
    const { stack, events } = await start();
    const { origin } = new URL(String(stack.outputs["apiUrl"]));
    try {
      const token = await tokenOf(origin);
      expect(await greeting(stack, token)).toEqual([200, "hello ann"]);
      expect(await greeting(stack, token)).toEqual([200, "hello ann"]);
      expect(await greeting(stack)).toEqual([401, '{"message":"Unauthorized"}']);
      const [header = "", claims = ""] = token.split(".");
      expect(await greeting(stack, `${header}.${claims}.forged`)).toEqual([
        401,
        '{"message":"Unauthorized"}',
      ]);
      // The second request had the policy of the first.
      expect(namesOf(events)).toEqual(["authorize", "greet", "greet", "authorize"]);
      expect(events[0]).toEqual({ kind: "issuer", issuer: ISSUER });
      expect(events.filter(({ kind }) => kind === "warning")).toEqual([]);
      const used = [...stack.iam.usedPermissions.values()];
      expect(used).toMatchObject([{ role: "gateway", action: "lambda:InvokeFunction" }]);
      const sum = (namespace: string, name: string, dimensions: Record<string, string>) =>
        stack.metrics.statistic({ namespace, name, dimensions }, "Sum", 0, Infinity);
      expect(sum("AWS/ApiGateway", "4XXError", { ApiName: "greetings" })).toBe(2);
      // What it throws is an error of the function's, too.
      expect(sum("AWS/Lambda", "Invocations", { FunctionName: "authorize" })).toBe(2);
      expect(sum("AWS/Lambda", "Errors", { FunctionName: "authorize" })).toBe(1);
    } finally {
      await stack.stop();
    }
  });

  it("takes tokens of an issuer that is given in its place", async () => {
    const other = makeIssuer({ issuer: ISSUER, jwksUri: ISSUER });
    const server = await startLoopbackServer(http.createServer(other.handle), 0);
    const standIns = { [ISSUER]: `${server.url}/_laptop/issuer` };
    const { stack, events } = await start({ standIns });
    try {
      const { origin } = new URL(String(stack.outputs["apiUrl"]));
      expect(await greeting(stack, await tokenOf(server.url))).toEqual([200, "hello ann"]);
      expect((await greeting(stack, await tokenOf(origin)))[0]).toBe(401);
      expect(events.filter(({ kind }) => kind === "issuer")).toEqual([]);
    } finally {
      await stack.stop();
      await server.stop();
    }
  });
});
