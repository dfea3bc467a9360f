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
import {
  type Change,
  changingResponses,
  without,
  withStatus,
  withText,
} from "../support/changed-responses";
import { readContract, routesOf, schemaNamed } from "../support/contract/document";
import { checkedFetch, makeAjv, makeResponseChecker } from "../support/contract/response-checker";

const CONFIG = {
  "order-processing:requireApiKey": true,
  "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
  "order-processing:usagePlan": { rateLimit: 10_000, burstLimit: 5_000 },
};

/** The route that an open API has not: identity.test.ts has its responses. */
const OF_CLOSED = "GET /orders ";

let laptop: Laptop;
let queue: NotificationQueue;
let client: Client;

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

beforeAll(async () => {
  laptop = await startLaptop({ config: CONFIG });
  queue = await makeNotificationQueue(laptop.client, laptop.output("topicArn"));
  const [apiUrl, apiKey] = [laptop.output("apiUrl"), laptop.output("apiKey")];
  const options = { fetch: checkedFetch(apiUrl, check), pause: setTimeout };
  client = makeClient({ apiUrl, apiKey, token: undefined }, readChecked, options);
});
afterAll(async () => {
  await queue.remove();
  await laptop.stop();
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

describe("the responses to the acceptance suite", () => {
  it("are those of openapi.yaml, and are many, of every route", () => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(100);
    expect(notifications).toBeGreaterThan(0);
    const succeeded = [...counts.keys()].filter((name) => / 20\d$/.test(name));
    const routes = routesOf(readContract())
      .map(({ method, path }) => `${method.toUpperCase()} ${path} `)
      .filter((route) => route !== OF_CLOSED);
    for (const route of routes) {
      expect(succeeded).toContainEqual(expect.stringContaining(route));
    }
  });
});

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
    ["cancel/unknown", "409", withStatus(409), "status"],
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
    ["api-key/missing", "404", withStatus(404), "status"],
  ])("%s notices %s", async (id, _what, change, noticed) => {
    const [changed] = chooseCases(CASES, id);
    await expect(changed?.run(changingResponses(client, change))).rejects.toThrow(noticed);
  });
});
