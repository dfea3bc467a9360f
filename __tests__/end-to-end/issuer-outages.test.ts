import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { by, rsaKey, token } from "../support/signed-tokens";
import {
  type KeysResponse,
  keysResponse,
  startTestIssuer,
  type TestIssuer,
} from "../support/test-issuer";

const AUTH = { issuer: "https://issuer.example.com", audience: "orders" };
const [first, second] = [rsaKey(2048), rsaKey(2048)];
const published = (kid: string) => ({ ...(kid === "first" ? first : second).jwk, kid });

let issuer: TestIssuer;
let laptop: Laptop;
let asked = 0;

beforeAll(async () => {
  issuer = await startTestIssuer(keysResponse([]));
  laptop = await startLaptop({
    config: {
      "order-processing:auth": AUTH,
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5000 },
    },
    standIns: { [AUTH.issuer]: issuer.url },
  });
});
afterAll(async () => {
  await laptop.stop();
  await issuer.stop();
});

/** Replaces the function's sandbox, and with it the keys that it knows. */
async function forgetKeys(): Promise<void> {
  const [, authorizer] =
    [...laptop.functions.byArn].find(([arn]) => arn.endsWith(":authorize-caller")) ?? [];
  await authorizer?.updateCode({});
  issuer.requests = 0;
}

/** The status that a new token gets, signed by the key of this kid. */
async function statusOf(kid: string): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  asked += 1;
  const claims = {
    iss: AUTH.issuer,
    aud: AUTH.audience,
    sub: "alice",
    jti: String(asked),
    exp: now + 60,
  };
  const jwt = token({ alg: "RS256", kid }, claims, by(kid === "second" ? second : first));
  const headers = { Authorization: `Bearer ${jwt}` };
  const response = await fetch(`${laptop.output("apiUrl")}orders`, { headers });
  if (response.status === 503) expect(response.headers.get("retry-after")).toBe("10");
  return response.status;
}

describe("keys of the issuer", () => {
  it("are fetched once for many tokens", async () => {
    issuer.answer = keysResponse([published("first")]);
    await forgetKeys();
    for (let i = 0; i < 10; i += 1) expect(await statusOf("first")).toBe(200);
    expect(issuer.requests).toBe(1);
  });

  it("that are unknown a thousand times over cost one fetch more", async () => {
    issuer.answer = keysResponse([published("first")]);
    await forgetKeys();
    const startedAt = performance.now();
    expect(await statusOf("first")).toBe(200);
    for (let i = 0; i < 1000; i += 1) expect(await statusOf(`unknown-${i}`)).toBe(401);
    const seconds = (performance.now() - startedAt) / 1000;
    expect(issuer.requests).toBeLessThanOrEqual(2 + seconds / 10);
  });

  it("that are new are known within the time between two fetches, and the old ones are not any more", async () => {
    issuer.answer = keysResponse([published("first")]);
    await forgetKeys();
    expect(await statusOf("first")).toBe(200);
    issuer.answer = keysResponse([published("second")]);
    await eventually("the new key to be known", async () => (await statusOf("second")) === 200);
    expect(await statusOf("first")).toBe(401);
    expect(issuer.requests).toBe(2);
  });

  it("of which one is malformed are good but for that one", async () => {
    issuer.answer = keysResponse([{ kid: "broken", kty: 7 }, published("first")]);
    await forgetKeys();
    expect([await statusOf("first"), await statusOf("broken")]).toEqual([200, 401]);
  });
});

describe("an issuer", () => {
  const huge = "x".repeat(300 * 1024);
  it.each<[string, KeysResponse]>([
    ["answers 500", (response) => void response.writeHead(500).end()],
    ["answers 204", (response) => void response.writeHead(204).end()],
    ["hangs up", (response) => void response.destroy()],
    ["does not answer", () => undefined],
    ["stalls in the middle", (response) => void response.writeHead(200).write('{"keys":[')],
    [
      "answers too much",
      (response) => void response.writeHead(200).end(`{"keys":[],"x":"${huge}"}`),
    ],
    ["answers no JSON", (response) => void response.writeHead(200).end("<html>")],
    ["answers other JSON", (response) => void response.writeHead(200).end("[]")],
    ["answers null", (response) => void response.writeHead(200).end("null")],
    [
      "answers with a key that is none",
      (response) => void response.writeHead(200).end('{"keys":7}'),
    ],
  ])("that %s lets nobody in, and is not blamed on the token", async (_how, answer) => {
    issuer.answer = answer;
    await forgetKeys();
    expect(await statusOf("first")).toBe(503);
    for (let i = 0; i < 5; i += 1) expect(await statusOf("first")).toBe(503);
    expect(issuer.requests).toBe(1);
  });

  it("that redirects is not followed", async () => {
    const elsewhere = await startTestIssuer(keysResponse([published("first")]));
    issuer.answer = (response) => void response.writeHead(302, { location: elsewhere.url }).end();
    await forgetKeys();
    expect(await statusOf("first")).toBe(503);
    expect(elsewhere.requests).toBe(0);
    await elsewhere.stop();
  });
});
