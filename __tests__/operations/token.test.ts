import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ordersToken } from "../../operations/target/orders-token";
import { stackOf } from "../../operations/target/stack";
import { type Arguments, HELP, parseArguments } from "../../operations/token/arguments";
import { makeToken, type TokenRequest } from "../../operations/token/token";
import { stackOutputs } from "../support/stack-outputs";
import { closedOutputs } from "./closed-outputs";

const NOW = new Date("2026-01-02T12:00:00.900Z");
const IAT = Date.parse("2026-01-02T12:00:00Z") / 1000;
const alice: TokenRequest = {
  customer: "alice",
  isStaff: false,
  lifetime: 300_000,
  alg: "ES256",
};
const staff: TokenRequest = { ...alice, customer: undefined, isStaff: true };

/** What the issuer of a stack is asked for, or why it is not asked. */
async function asked(request: TokenRequest, auth: object | null = {}, status = 200) {
  const bodies: string[] = [];
  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      bodies.push(`${incoming.method ?? ""} ${incoming.url ?? ""} ${body}`);
      response.writeHead(status).end(status === 200 ? '{"token":"a.b.c"}' : "no");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const closed = closedOutputs();
  const outputs = { ...closed, auth: auth && { ...closed.auth, ...auth } };
  try {
    const token = await makeToken(stackOf(outputs, "a file", endpoint), request, NOW);
    const [, route, body = ""] = /^(\S+ \S+) (.*)$/.exec(bodies.join("\n")) ?? [];
    return { token, route, body: JSON.parse(body) as unknown };
  } catch (error) {
    return (error as Error).message.replace(endpoint, "<endpoint>");
  } finally {
    server.close();
  }
}

describe("npm run token", () => {
  const route = "POST /_laptop/issuer/token";
  const times = { iat: IAT, exp: IAT + 300 };

  it("asks the laptop's issuer for a customer's token, by the stack's own claims", async () => {
    const claims = { aud: "order-processing", sub: "alice", ...times };
    expect(await asked(alice)).toEqual({ token: "a.b.c", route, body: { claims, alg: "ES256" } });
    const named = { customerClaim: "custom:customerId", audience: "orders" };
    expect(await asked(alice, named)).toMatchObject({
      body: { claims: { ...claims, aud: "orders", "custom:customerId": "alice" } },
    });
  });

  it("asks for staff's, who need not be a customer", async () => {
    const claims = { aud: "order-processing", sub: "staff", ...times, scope: "orders:staff" };
    expect(await asked(staff)).toMatchObject({ body: { claims } });
    const roles = { staffClaim: "roles", staffValue: "admin" };
    expect(await asked({ ...alice, isStaff: true }, roles)).toMatchObject({
      body: { claims: { sub: "alice", roles: "admin" } },
    });
  });

  it.each<[string, Promise<unknown>, string]>([
    ["open", asked(alice, null), "the stack at <endpoint> is open: it asks for no token"],
    [
      "without staff",
      asked(staff, { staffValue: "" }),
      "the stack has no staff: auth.staffValue in its config says who is",
    ],
    ["of no issuer", asked(alice, {}, 404), "the issuer at <endpoint> gives no token: no"],
  ])("says why there is none: a stack %s", async (_what, refused, sentence) => {
    expect(await refused).toBe(sentence);
  });
});

describe("its arguments", () => {
  const parse = (args: string): Arguments | undefined => parseArguments(args.split(" "));

  it("have defaults", () => {
    const request = { ...alice, lifetime: 3_600_000, alg: "RS256" };
    expect(parse("--customer alice")).toEqual({ request, endpoint: "http://127.0.0.1:3000" });
    const args = "--staff --expires 5m --alg ES256 --endpoint http://localhost:1/x";
    expect(parse(args)).toEqual({ request: staff, endpoint: "http://localhost:1" });
    expect(parse("--staff --expires 0s")?.request.lifetime).toBe(0);
  });

  const deployed = "tokens of a deployed stack come from its own issuer";
  it.each([
    ["--expires 5m", "--customer or --staff says whose token it is"],
    ["--customer=", "--customer takes a customer's id"],
    ["--staff --expires=-5m", "--expires takes an age such as 30s, 5m, 2h or 1d, not -5m"],
    ["--staff --alg none", "--alg takes RS256 or ES256, not none"],
    ["--staff --stack prod", deployed],
    ["--staff --outputs file", deployed],
    ["--token x", "Unknown option '--token'"],
  ])("are refused in a sentence: %s", (args, sentence) => {
    expect(() => parse(args)).toThrow(sentence);
  });

  it("are all explained", () => {
    expect(parse("--help")).toBeUndefined();
    for (const option of ["customer", "staff", "expires", "alg", "endpoint", "help"]) {
      expect(HELP).toContain(` --${option} `);
    }
  });
});

describe("the token of a command", () => {
  const customer = { customer: "smoke-test" };
  const laptop = stackOf(closedOutputs(), "a file", "http://127.0.0.1:1");

  it("is the environment's, where the stack is closed", () => {
    const env = { ORDERS_TOKEN: " a.b.c\n" };
    expect(ordersToken(laptop, "staff", env)).toBe("a.b.c");
    expect(ordersToken(stackOf(stackOutputs(), "a file"), "staff", env)).toBeUndefined();
  });

  it.each([undefined, "", " ", "a b", "a\u00e9"])("is missing: %j", (ORDERS_TOKEN) => {
    const env = ORDERS_TOKEN === undefined ? {} : { ORDERS_TOKEN };
    expect(() => ordersToken(laptop, customer, env)).toThrow(
      [
        "the stack closed is closed: set ORDERS_TOKEN to a token of the customer smoke-test, or of staff",
        "  export ORDERS_TOKEN=$(npm run -s token -- --customer smoke-test --endpoint http://127.0.0.1:1)",
      ].join("\n"),
    );
    expect(() => ordersToken(stackOf(closedOutputs(), "a file"), "staff", env)).toThrow(
      "to a token of staff\n  its issuer https://issuer.example.com/ gives it",
    );
  });
});
