import { setTimeout } from "node:timers/promises";
import type { OrderSummary } from "../../handlers/list-orders";
import type { Order } from "../../handlers/order";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { type Bearer, makeTokens } from "../../harness/tokens";
import type { Client } from "../../operations/acceptance/acceptance-case";
import { chooseCases } from "../../operations/acceptance/arguments";
import { CASES } from "../../operations/acceptance/cases";
import { makeClient } from "../../operations/acceptance/client";
import { stackOf } from "../../operations/target/stack";
import { makeToken } from "../../operations/token/token";
import {
  type Change,
  changingResponses,
  without,
  withStatus,
  withText,
} from "../support/changed-responses";
import { checkedFetch, makeResponseChecker } from "../support/contract/response-checker";
import { isNotified } from "../support/orders";

const KEY = { "Idempotency-Key": "a-key-that-both-use" };
const UNKNOWN = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
const ALICE: Bearer = { customerId: "alice" };
const BOB: Bearer = { customerId: "bob" };
const STAFF: Bearer = { isStaff: true };
const STAFF_TOKEN = {
  customer: undefined,
  isStaff: true,
  lifetime: 3_600_000,
  alg: "RS256",
} as const;

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

interface Page {
  orders: OrderSummary[];
  cursor?: string;
}

let laptop: Laptop;
let tokenOf: ReturnType<typeof makeTokens>;
let hers: Order;

beforeAll(async () => {
  laptop = await startLaptop({
    stack: "closed",
    config: {
      "order-processing:requireApiKey": true,
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
      "order-processing:usagePlan": { rateLimit: 10_000, burstLimit: 5_000 },
    },
  });
  tokenOf = makeTokens(laptop.output("apiUrl"), laptop.outputs["auth"]);
  const posted = await ask(ALICE, "POST", "", { customerId: "alice", items: [{}] }, KEY);
  hers = JSON.parse(posted.text) as Order;
});
afterAll(() => laptop.stop());

async function ask(
  bearer: Bearer,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const Authorization = `Bearer ${await tokenOf(bearer)}`;
  const response = await fetch(`${laptop.output("apiUrl")}orders${path}`, {
    method,
    headers: { ...headers, Authorization, ...apiKey() },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const apiKey = () => ({ "X-API-Key": laptop.output("apiKey") });
const statusOf = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;
const withoutRequestId = ({ text }: Answer) => text.replace(/"requestId":"[^"]*"/, "");

async function list(bearer: Bearer, query = ""): Promise<Page> {
  const { status, text } = await ask(bearer, "GET", query);
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text) as Page;
}

describe("a customer", () => {
  it("posts, reads and lists their own orders, and sees them through to their end", async () => {
    expect(hers).toMatchObject({ customerId: "alice", status: "RECEIVED" });
    const own = await eventually("her order to be notified", async () => {
      const order = JSON.parse((await ask(ALICE, "GET", `/${hers.orderId}`)).text) as Order;
      return isNotified(order) && order;
    });
    expect(own.status).toBe("COMPLETED");
    const history = await ask(ALICE, "GET", `/${hers.orderId}/history`);
    expect([history.status, history.text]).toEqual([200, expect.stringContaining("complete")]);
    const { orders } = await eventually("the index to follow", async () => {
      const page = await list(ALICE);
      return page.orders[0]?.status === "COMPLETED" && page;
    });
    const { items: _items, updatedAt: _updatedAt, notifiedAt: _notifiedAt, ...summary } = own;
    expect(orders).toEqual([summary]);
  });

  it("posts for nobody else", async () => {
    const answer = await ask(BOB, "POST", "", { customerId: "alice", items: [{}] }, KEY);
    expect([answer.status, answer.text]).toEqual([403, expect.not.stringContaining("alice")]);
    expect((await list(ALICE)).orders).toHaveLength(1);
  });

  it("has an order of their own under a key that another one uses", async () => {
    const answer = await ask(BOB, "POST", "", { customerId: "bob", items: [{}] }, KEY);
    expect(answer.status).toBe(202);
    expect((JSON.parse(answer.text) as Order).orderId).not.toBe(hers.orderId);
    expect(answer.headers.get("idempotency-replayed")).toBeNull();
  });

  it.each([
    ["GET", ""],
    ["GET", "/history"],
    ["DELETE", ""],
  ])("learns from %s …%s of another's order what they learn of none", async (method, path) => {
    const anothers = await ask(BOB, method, `/${hers.orderId}${path}`);
    const unknown = await ask(BOB, method, `/${UNKNOWN}${path}`);
    expect([anothers.status, unknown.status]).toEqual([404, 404]);
    expect(withoutRequestId(anothers)).toBe(withoutRequestId(unknown));
    const names = ({ headers }: Answer) => [...headers.keys()].sort();
    expect(names(anothers)).toEqual(names(unknown));
  });

  it("does not cancel another's order, at whatever it is, and their own", async () => {
    const posted = await ask(ALICE, "POST", "", { customerId: "alice", items: [{ sku: "tea" }] });
    const { orderId } = JSON.parse(posted.text) as Order;
    expect(await statusOf(BOB, "DELETE", `/${orderId}`)).toBe(404);
    const order = await laptop.storedItem(orderId);
    expect(order).not.toHaveProperty("cancelRequestedAt");
    expect([200, 202, 409]).toContain(await statusOf(ALICE, "DELETE", `/${orderId}`));
  });

  it("lists nobody else's orders, by no name and no cursor", async () => {
    expect(await statusOf(BOB, "GET", "?customerId=alice")).toBe(403);
    const { cursor = "" } = await eventually("a second order of alice's", async () => {
      const page = await list(ALICE, "?limit=1");
      return page.cursor !== undefined && page;
    });
    expect(await statusOf(ALICE, "GET", `?cursor=${cursor}`)).toBe(200);
    expect(await statusOf(BOB, "GET", `?cursor=${cursor}`)).toBe(400);
    expect(await statusOf(ALICE, "GET", `?cursor=${cursor}A`)).toBe(400);
  });

  it("is not the one whose name is written otherwise", async () => {
    const shouting = { customerId: "Alice" };
    expect(await statusOf(shouting, "GET", `/${hers.orderId}`)).toBe(404);
    expect((await list(shouting)).orders).toEqual([]);
  });
});

describe("staff", () => {
  it("post, read, list and cancel for everyone", async () => {
    const posted = await ask(STAFF, "POST", "", { customerId: "carol", items: [{}] });
    const { orderId } = JSON.parse(posted.text) as Order;
    expect(posted.status).toBe(202);
    expect(await statusOf(STAFF, "GET", `/${hers.orderId}`)).toBe(200);
    expect(await statusOf(STAFF, "GET", `/${hers.orderId}/history`)).toBe(200);
    expect([200, 202, 409]).toContain(await statusOf(STAFF, "DELETE", `/${orderId}`));
    await eventually("the index to follow", async () => {
      const { orders } = await list(STAFF, "?customerId=carol");
      return orders[0]?.orderId === orderId;
    });
  });
});

describe("a list", () => {
  it("walks through all orders, newest first, and through those of one status", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const { text } = await ask(STAFF, "POST", "", { customerId: "dan", items: [{}] });
      ids.unshift((JSON.parse(text) as Order).orderId);
    }
    await eventually("all to be COMPLETED in the index", async () => {
      const { orders } = await list(STAFF, "?customerId=dan&status=COMPLETED");
      return orders.length === ids.length;
    });
    for (const filter of ["", "&status=COMPLETED"]) {
      const walked: string[] = [];
      let query: string | undefined = `?customerId=dan&limit=3${filter}`;
      while (query !== undefined) {
        const { orders, cursor } = await list(STAFF, query);
        walked.push(...orders.map(({ orderId }) => orderId));
        query = cursor && `?customerId=dan&limit=3${filter}&cursor=${cursor}`;
      }
      expect(walked).toEqual(ids);
    }
    expect(await list(STAFF, "?customerId=dan&status=FAILED")).toEqual({ orders: [] });
  });
});

describe("an API key", () => {
  it("is asked for besides the token: neither does without the other", async () => {
    const url = `${laptop.output("apiUrl")}orders/${hers.orderId}`;
    const Authorization = `Bearer ${await tokenOf(ALICE)}`;
    const get = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    expect([
      await get({ Authorization, ...apiKey() }),
      await get({ Authorization }),
      await get(apiKey()),
    ]).toEqual([200, 403, 401]);
  });
});

describe("one token", () => {
  it("is good for every method, is asked about once, and is not kept beyond its expiry", async () => {
    const Authorization = `Bearer ${await tokenOf({ ...ALICE, claims: { exp: nowSeconds() - 58 } })}`;
    const send = (method: string) => {
      const body = method === "POST" && { body: '{"customerId":"alice","items":[{}]}' };
      return fetch(`${laptop.output("apiUrl")}orders`, {
        method,
        headers: { Authorization, ...apiKey() },
        ...body,
      });
    };
    const before = laptop.invocations("authorize-caller").length;
    expect([(await send("GET")).status, (await send("POST")).status]).toEqual([200, 202]);
    expect(laptop.invocations("authorize-caller")).toHaveLength(before + 1);
    // The authorizer's answer is kept for a minute, and the handlers look at the token's own time.
    await eventually("the token to be refused", async () => (await send("GET")).status === 401);
    expect(laptop.invocations("authorize-caller")).toHaveLength(before + 1);
  });

  it("does not open the API to another that comes with it in turn", async () => {
    const get = async (token: string) => {
      const headers = { Authorization: `Bearer ${token}`, ...apiKey() };
      return (await fetch(`${laptop.output("apiUrl")}orders/${hers.orderId}`, { headers })).status;
    };
    const [alices, bobs] = await Promise.all([tokenOf(ALICE), tokenOf(BOB)]);
    const statuses = [];
    for (const token of [alices, bobs, alices, `${bobs}x`, bobs]) statuses.push(await get(token));
    expect(statuses).toEqual([200, 404, 200, 401, 404]);
  });
});

/** Of its own for each response. */
function withReason(): Change {
  let reasons = 0;
  return (answer) => withText(/token is required/, `token is required (${++reasons})`)(answer);
}

const withOldestFirst: Change = (answer) => {
  const body = JSON.parse(answer.text) as { orders?: unknown[] };
  if (body.orders) answer.text = JSON.stringify({ ...body, orders: body.orders.reverse() });
};

describe("the acceptance suite on a closed laptop", () => {
  /** Each response to the suite is one of openapi.yaml, or its request fails. */
  const { check, counts } = makeResponseChecker();
  let client: Client;

  beforeAll(async () => {
    const [apiUrl, key] = [laptop.output("apiUrl"), laptop.output("apiKey")];
    const stack = stackOf(laptop.outputs, "the laptop", new URL(apiUrl).origin);
    const token = await makeToken(stack, STAFF_TOKEN, new Date());
    const options = { fetch: checkedFetch(apiUrl, check), pause: setTimeout };
    client = makeClient({ apiUrl, apiKey: key, token }, undefined, options);
  });

  // The others cost seconds, and are the same there, but for what their requests carry.
  const others = ["orders/get", "keys/replay", "api-key/", "errors/"];
  const chosen = [...others, "identity/"].flatMap((prefix) => chooseCases(CASES, prefix));
  it.each(chosen)("$id: $title", ({ run }) => run(client));

  it("gets responses of openapi.yaml to GET /orders", async () => {
    const [lists] = chooseCases(CASES, "identity/list");
    await lists?.run(client);
    expect(counts.get("GET /orders 200")).toBeGreaterThan(0);
  });

  it.each<[string, string, Change, string]>([
    ["identity/no-token", "no challenge", without("www-authenticate"), "WWW-Authenticate"],
    ["identity/not-a-token", "403", withStatus(403), "status"],
    ["identity/forged-signature", "202", withStatus(202), "status"],
    ["identity/one-refusal", "a reason", withReason(), "the bodies"],
    ["identity/list", "another's order", withText(/acceptance-test/, "alice"), "the customers"],
    ["identity/list", "the oldest first", withOldestFirst, "the times"],
    ["identity/list-pages", "no cursor", withText(/,"cursor":"[^"]+"/, ""), "the orders of all"],
    ["identity/list-cursor", "200", withStatus(200, 400), "status"],
    ["identity/list-parameters", "200", withStatus(200, 400), "status"],
    ["identity/list-unknown", "a cursor", withText(/\}$/, ',"cursor":"x"}'), "the list"],
  ])("%s notices %s", async (id, _what, change, noticed) => {
    const [changed] = chooseCases(CASES, id);
    await expect(changed?.run(changingResponses(client, change))).rejects.toThrow(noticed);
  });
});

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
