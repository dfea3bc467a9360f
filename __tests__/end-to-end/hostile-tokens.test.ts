import { type Laptop, startLaptop } from "../../harness/laptop";
import { AUTH, type HostileToken, hostileTokens, makeHostileKeys } from "../support/hostile-tokens";
import { rawRequest } from "../support/raw-request";
import { keysResponse, startTestIssuer, type TestIssuer } from "../support/test-issuer";

const ORDER = JSON.stringify({ customerId: "alice", items: [{ sku: "tea" }] });
const keys = makeHostileKeys();

let issuer: TestIssuer;
let elsewhere: TestIssuer;
let laptop: Laptop;
let tokens: HostileToken[];
let startedAt: number;

beforeAll(async () => {
  issuer = await startTestIssuer(keysResponse(keys.published));
  elsewhere = await startTestIssuer(keysResponse([{ ...keys.stranger.jwk, kid: "rsa" }]));
  laptop = await startLaptop({
    config: { "order-processing:auth": AUTH },
    standIns: { [AUTH.issuer]: issuer.url },
  });
  startedAt = performance.now();
  tokens = hostileTokens(keys, elsewhere.url);
});
afterAll(async () => {
  await laptop.stop();
  await Promise.all([issuer.stop(), elsewhere.stop()]);
});

function order({ headers, query }: HostileToken) {
  const url = `${laptop.output("apiUrl")}orders${query === undefined ? "" : `?${query}`}`;
  return rawRequest(url, { method: "POST", headers, body: ORDER });
}

/** The name of each, with the status that it gets. */
async function statusesOf(given: HostileToken[]): Promise<[string, number][]> {
  const statuses: [string, number][] = [];
  for (const each of given) statuses.push([each.name, (await order(each)).status]);
  return statuses;
}

const expectedOf = (given: HostileToken[]) => given.map(({ name, status }) => [name, status]);

describe("hostile tokens", () => {
  it("get the status that they must get, and no order is made for one that is refused", async () => {
    expect(tokens.length).toBeGreaterThan(75);
    expect(new Set(tokens.map(({ name }) => name)).size).toBe(tokens.length);
    const statuses = await statusesOf(tokens);
    expect(statuses).toEqual(expectedOf(tokens));
    const accepted = statuses.filter(([, status]) => status === 202);
    expect(await laptop.countOrders()).toBe(accepted.length);
  });

  it("make nobody fetch anything from elsewhere, nor keys more often than promised", () => {
    expect(elsewhere.requests).toBe(0);
    // At the first token, and at tokens of unknown keys once in ten seconds.
    const seconds = (performance.now() - startedAt) / 1000;
    expect(issuer.requests).toBeLessThanOrEqual(2 + seconds / 10);
  });

  it("are told that a token is needed, and not why theirs is none", async () => {
    const refused = tokens.filter(({ status }) => status === 401);
    const answers = new Set<string>();
    for (const each of refused.slice(0, 20)) {
      const { headers, body } = await order(each);
      expect(headers["www-authenticate"]).toBe('Bearer realm="order-processing"');
      answers.add(body.replace(/"requestId":"[^"]+"/, ""));
    }
    expect([...answers]).toEqual([
      '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"A valid bearer token is required.",}',
    ]);
  });

  it("leave no trace of themselves in the log, but for the reason", () => {
    const entries = laptop.invocations("authorize-caller").flatMap(({ log }) => log);
    expect(entries).toContainEqual(
      expect.objectContaining({ message: "token refused", why: "audience" }),
    );
    const texts = entries.map((entry) => JSON.stringify(entry));
    expect(texts.filter((text) => /eyJ|alice|issuer\.example|evil\.example/.test(text))).toEqual(
      [],
    );
  });
});
