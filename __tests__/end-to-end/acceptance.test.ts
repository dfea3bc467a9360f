import { type Laptop, startLaptop } from "../../harness/laptop";
import type { Client } from "../../operations/acceptance/acceptance-case";
import { chooseCases } from "../../operations/acceptance/arguments";
import { CASES } from "../../operations/acceptance/cases";
import { makeClient } from "../../operations/acceptance/client";
import {
  makeNotificationQueue,
  type NotificationQueue,
} from "../../operations/acceptance/notification-queue";

let laptop: Laptop;
let queue: NotificationQueue;
let client: Client;

beforeAll(async () => {
  laptop = await startLaptop({
    config: {
      "order-processing:requireApiKey": true,
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
      "order-processing:usagePlan": { rateLimit: 10_000, burstLimit: 5_000 },
    },
  });
  queue = await makeNotificationQueue(laptop.client, laptop.output("topicArn"));
  const target = { apiUrl: laptop.output("apiUrl"), apiKey: laptop.output("apiKey") };
  client = makeClient(target, queue.read);
});
afterAll(async () => {
  await queue.remove();
  await laptop.stop();
});

const makesNoOrder = ({ id }: { id: string }) => id.startsWith("bodies/");

describe("the acceptance suite on the laptop", () => {
  it.each(CASES.filter((each) => !makesNoOrder(each)))("$id: $title", ({ run }) => run(client));

  it.each(CASES.filter(makesNoOrder))("$id: $title, and nothing in the table", async ({ run }) => {
    const before = await laptop.countOrders();
    await run(client);
    expect(await laptop.countOrders()).toBe(before);
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
  ])("%s notices %s", async (id, _what, change, noticed) => {
    const [changed] = chooseCases(CASES, id);
    const changing: Client = {
      ...client,
      async fetch(url, init) {
        const response = await client.fetch(url, init);
        const { status, headers } = response;
        const answer = { status, headers: new Headers(headers), text: await response.text() };
        change(answer);
        return new Response(answer.text, answer);
      },
    };
    await expect(changed?.run(changing)).rejects.toThrow(noticed);
  });
});
