import { setTimeout } from "node:timers/promises";
import { type Laptop, startLaptop } from "../../harness/laptop";
import type { AcceptanceCase, Client } from "../../operations/acceptance/acceptance-case";
import { chooseCases } from "../../operations/acceptance/arguments";
import { CASES } from "../../operations/acceptance/cases";
import { makeClient } from "../../operations/acceptance/client";
import {
  makeNotificationQueue,
  type NotificationQueue,
} from "../../operations/acceptance/notification-queue";
import { stackOf } from "../../operations/target/stack";
import { makeToken } from "../../operations/token/token";
import { readContract, routesOf, schemaNamed } from "../support/contract/document";
import { checkedFetch, makeAjv, makeResponseChecker } from "../support/contract/response-checker";

const STAFF = { customer: undefined, isStaff: true, lifetime: 3_600_000, alg: "RS256" } as const;
const CONFIG = {
  "order-processing:requireApiKey": true,
  "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
  "order-processing:usagePlan": { rateLimit: 10_000, burstLimit: 5_000 },
};

let laptop: Laptop;
let closedLaptop: Laptop;
let queue: NotificationQueue;
let client: Client;
let closedClient: Client;

/** Each response to the suite is one of openapi.yaml, or its request fails. */
const { check, counts } = makeResponseChecker();

const isNotification = makeAjv().compile(schemaNamed(readContract(), "Notification"));
let notifications = 0;

async function readChecked() {
  const received = await queue.read();
  for (const { notification } of received) expect(isNotification(notification)).toBe(true);
  notifications = Math.max(notifications, received.length);
  return received;
}

function checkedClient(target: Parameters<typeof makeClient>[0], read?: NotificationQueue["read"]) {
  return makeClient(target, read, { fetch: checkedFetch(target.apiUrl, check), pause: setTimeout });
}

beforeAll(async () => {
  [laptop, closedLaptop] = await Promise.all([
    startLaptop({ config: CONFIG }),
    startLaptop({ stack: "closed", config: CONFIG }),
  ]);
});
beforeAll(async () => {
  queue = await makeNotificationQueue(laptop.client, laptop.output("topicArn"));
  const target = { apiUrl: laptop.output("apiUrl"), apiKey: laptop.output("apiKey") };
  client = checkedClient({ ...target, token: undefined }, readChecked);
});
beforeAll(async () => {
  const [apiUrl, apiKey] = [closedLaptop.output("apiUrl"), closedLaptop.output("apiKey")];
  const stack = stackOf(closedLaptop.outputs, "the laptop", new URL(apiUrl).origin);
  const token = await makeToken(stack, STAFF, new Date());
  closedClient = checkedClient({ apiUrl, apiKey, token });
});
afterAll(async () => {
  await queue.remove();
  await Promise.all([laptop.stop(), closedLaptop.stop()]);
});

type Named = Pick<AcceptanceCase, "id">;

const isForClosed = ({ id }: Named) => id.startsWith("identity/");
const makesNoOrder = ({ id }: Named) => id.startsWith("bodies/");
const forOpen = CASES.filter((each) => !isForClosed(each));

describe("the acceptance suite on the laptop", () => {
  it.each(forOpen.filter((each) => !makesNoOrder(each)))("$id: $title", ({ run }) => run(client));

  it.each(forOpen.filter(makesNoOrder))(
    "$id: $title, and nothing in the table",
    async ({ run }) => {
      const before = await laptop.countOrders();
      await run(client);
      expect(await laptop.countOrders()).toBe(before);
    },
  );
});

describe("the acceptance suite on a closed laptop", () => {
  // The others cost seconds, and are the same there, but for what their requests carry.
  const others = ["orders/get", "keys/replay", "api-key/", "errors/"];
  const chosen = others.flatMap((prefix) => chooseCases(CASES, prefix));
  it.each([...chosen, ...CASES.filter(isForClosed)])("$id: $title", ({ run }) => run(closedClient));
});

describe("the responses to the acceptance suite", () => {
  it("are those of openapi.yaml, and are many, of every route", () => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(100);
    expect(notifications).toBeGreaterThan(0);
    const succeeded = [...counts.keys()].filter((name) => / 20\d$/.test(name));
    for (const { method, path } of routesOf(readContract())) {
      const route = `${method.toUpperCase()} ${path} `;
      expect(succeeded).toContainEqual(expect.stringContaining(route));
    }
  });
});

/** A response with something in it changed. */
type Change = (answer: { status: number; headers: Headers; text: string }) => void;

const withText =
  (pattern: RegExp, replacement: string): Change =>
  (answer) => {
    answer.text = answer.text.replace(pattern, replacement);
  };
const without =
  (name: string): Change =>
  ({ headers }) => {
    headers.delete(name);
  };

const withStatus =
  (from: number, to: number): Change =>
  (answer) => {
    if (answer.status === from) answer.status = to;
  };

/** Of its own for each response. */
function withReason(): Change {
  let reasons = 0;
  return (answer) => withText(/token is required/, `token is required (${++reasons})`)(answer);
}

const withOldestFirst: Change = (answer) => {
  const body = JSON.parse(answer.text) as { orders?: unknown[] };
  if (body.orders) answer.text = JSON.stringify({ ...body, orders: body.orders.reverse() });
};

describe("the acceptance suite on a laptop whose responses are changed", () => {
  it.each<[string, string, Change, string]>([
    ["orders/accept", "no Location", without("location"), "Location"],
    ["orders/accept", "no nosniff", without("x-content-type-options"), "headers"],
    ["orders/get", "another item", withText(/"tea"/, '"mug"'), "the request in it"],
    ["orders/complete", "bookkeeping", withText(/^\{/, '{"attempt":1,'), "the order"],
    [
      "orders/totals",
      "another amount",
      withText(/"amount":0.3/, '"amount":0.30000000000000004'),
      "totals",
    ],
    ["orders/history", "a value", withText(/"claim"/, '"claim","why":"tea"'), "the history"],
    ["orders/markup", "markup", withText(/\\u003c/g, "<"), "the body"],
    ["keys/replay", "no header", without("idempotency-replayed"), "idempotency-replayed"],
    ["cancel/unknown", "409", (answer) => void (answer.status = 409), "status"],
    ["bodies/status", "no pointer", withText(/"\/status"/, '""'), "pointers"],
    ["bodies/list", "no title", withText(/"title":"[^"]+",/, ""), "problem"],
    [
      "errors/unknown-route",
      "no request id",
      withText(/"requestId":"[^"]+"/, '"requestId":""'),
      "requestId",
    ],
    [
      "errors/unknown-route",
      "plain JSON",
      ({ headers }) => headers.set("content-type", "application/json"),
      "headers",
    ],
    [
      "errors/no-value-repeated",
      "the value",
      withText(/"detail":"/, '"detail":"personal-4711-personal'),
      "the body",
    ],
    ["api-key/missing", "404", (answer) => void (answer.status = 404), "status"],
    ["identity/no-token", "no challenge", without("www-authenticate"), "WWW-Authenticate"],
    ["identity/not-a-token", "403", (answer) => void (answer.status = 403), "status"],
    ["identity/forged-signature", "202", (answer) => void (answer.status = 202), "status"],
    ["identity/one-refusal", "a reason", withReason(), "the bodies"],
    ["identity/list", "another's order", withText(/acceptance-test/, "alice"), "the customers"],
    ["identity/list", "the oldest first", withOldestFirst, "the times"],
    ["identity/list-pages", "no cursor", withText(/,"cursor":"[^"]+"/, ""), "the orders of all"],
    ["identity/list-cursor", "200", withStatus(400, 200), "status"],
    ["identity/list-parameters", "200", withStatus(400, 200), "status"],
    ["identity/list-unknown", "a cursor", withText(/\}$/, ',"cursor":"x"}'), "the list"],
  ])("%s notices %s", async (id, _what, change, noticed) => {
    const [changed] = chooseCases(CASES, id);
    const changing = changingResponses(isForClosed({ id }) ? closedClient : client, change);
    await expect(changed?.run(changing)).rejects.toThrow(noticed);
  });
});

function changingResponses(client: Client, change: Change): Client {
  return {
    ...client,
    async fetch(url, init) {
      const response = await client.fetch(url, init);
      const { status, headers } = response;
      const answer = { status, headers: new Headers(headers), text: await response.text() };
      change(answer);
      return new Response(answer.text, answer);
    },
  };
}
