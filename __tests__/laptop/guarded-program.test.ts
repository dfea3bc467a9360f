import * as path from "node:path";
import type { StackEvent } from "../../laptop/events";
import { type RunningStack, startStack } from "../../laptop/stack";

const ISSUER = "https://idp.example.com";
const directory = path.join(__dirname, "..", "fixtures", "guarded-program");

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
    const events: StackEvent[] = [];
    const stack = await startStack({ directory, onEvent: (event) => void events.push(event) });
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
});
