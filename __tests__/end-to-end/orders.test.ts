import { setTimeout } from "node:timers/promises";
import { makeOrdersClient } from "../../examples/client";
import type { Order } from "../../handlers/order";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import type { AwsCall } from "../../laptop/aws-call";
import type { FaultPlan } from "../../laptop/endpoint/fault-injection";
import { pollerOf } from "../../laptop/iam/callers";
import { expectProblem } from "../../operations/acceptance/expect";
import { answerOf } from "../../operations/acceptance/requests";
import { checkedFetch, makeResponseChecker } from "../support/contract/response-checker";
import { aRequest, aStoredOrder, isNotified } from "../support/orders";

const KEY = "an-order-of-the-example-0001";

const calls: AwsCall[] = [];
let faults: FaultPlan = () => undefined;
let laptop: Laptop;

beforeAll(async () => {
  laptop = await startLaptop({
    onCall: (call) => void calls.push(call),
    faults: (call) => faults(call),
    config: {
      "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 },
      "order-processing:subscriptions": [
        { protocol: "email", endpoint: "ops@example.com", status: "COMPLETED" },
        { protocol: "sms", endpoint: "+15550100", customerId: "somebody-else" },
      ],
    },
  });
});
afterAll(() => laptop.stop());

describe("an order on the laptop", () => {
  it("takes one put, one message, one claim, one end, one notification, one notifiedAt", async () => {
    const callsBefore = calls.length;
    const invocations = () =>
      ["create-order", "process-order"].map((name) => laptop.invocations(name).length);
    const [created = 0, processed = 0] = invocations();
    const orderId = await laptop.accepted(aRequest);
    await laptop.until(orderId, "notified", isNotified);
    const since = () => calls.slice(callsBefore);
    await eventually("the message to be deleted", () =>
      since().some(
        ({ caller, action }) =>
          caller === pollerOf("process-order") && action.startsWith("DeleteMessage"),
      ),
    );
    const made = since().filter(({ caller }) => ["create-order", "process-order"].includes(caller));
    expect(made.map(({ caller, action }) => `${caller} ${action}`)).toEqual([
      "create-order PutItem",
      "create-order SendMessage",
      "process-order UpdateItem",
      "process-order UpdateItem",
      "process-order Publish",
      "process-order UpdateItem",
    ]);
    expect(invocations()).toEqual([created + 1, processed + 1]);
  });

  it("is sent to the subscriptions whose filter it matches, and to no others", async () => {
    const orderId = await laptop.accepted({ ...aRequest, customerId: "somebody-é-🍵" });
    const subject = `Order ${orderId} is completed`;
    const announced = () =>
      laptop.events.flatMap((event) =>
        event.kind === "notification" && event.subject === subject ? event.to : [],
      );
    await eventually("the email", () => announced().length > 0);
    // The next one, to both, comes after whatever else was to be said of this one.
    const wanted = await laptop.accepted({ ...aRequest, customerId: "somebody-else" });
    await eventually("the text message", () =>
      laptop.events.some(
        (event) =>
          event.kind === "notification" && event.subject.includes(wanted) && event.to === "sms",
      ),
    );
    expect(announced()).toEqual(["email"]);
  });

  it("has no bookkeeping attributes in a response", async () => {
    const orderId = await laptop.accepted(aRequest);
    const order = await laptop.until(orderId, "notified", isNotified);
    const { order: _order, ...bookkeeping } = aStoredOrder();
    const stored = Object.keys((await laptop.storedItem(orderId)) ?? {});
    const bookkept = ["attempt", "fingerprint", "history", "redrives", "tries", "writeId"];
    expect(stored).toEqual(expect.arrayContaining(bookkept));
    for (const name of [...Object.keys(bookkeeping), "shelf", "overdueSince"]) {
      expect(order).not.toHaveProperty(name);
    }
    // Neither open nor FAILED: the index has lost it.
    const gone = ["shelf", "checkAt", "workUntil", "leaseUntil", "overdueSince"];
    expect(gone.filter((name) => stored.includes(name))).toEqual([]);
  });
});

describe("an Idempotency-Key on the laptop", () => {
  it("creates one order for twenty concurrent requests with one key", async () => {
    const key = { "Idempotency-Key": "twenty-at-once-0001" };
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => laptop.post(aRequest, key)),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(202));
    const orders = (await Promise.all(responses.map((each) => each.json()))) as Order[];
    const [orderId = "", ...others] = new Set(orders.map((order) => order.orderId));
    expect(others).toEqual([]);
    const fresh = responses.filter(({ headers }) => !headers.has("idempotency-replayed"));
    expect(fresh).toHaveLength(1);
    await laptop.until(orderId, "notified", isNotified);
    expect((await laptop.storedItem(orderId))?.["attempt"]).toEqual({ N: "1" });
    const queued = calls.filter(
      ({ caller, action, body }) =>
        caller === "create-order" && action === "SendMessage" && body.includes(orderId),
    );
    expect(queued).toHaveLength(1);
  });
});

describe("the example client on the laptop", () => {
  it("creates one order, though two responses are 503 and one is lost, and sees it end", async () => {
    const ordersBefore = await laptop.countOrders();
    const failed = new Set<string>();
    faults = ({ caller, action, invocationId }) => {
      if (caller !== "create-order" || action !== "PutItem") return undefined;
      if (failed.size < 2) failed.add(invocationId);
      return failed.has(invocationId) ? "throttled" : undefined;
    };
    const { check, counts } = makeResponseChecker();
    const pauses: number[] = [];
    const send = checkedFetch(laptop.output("apiUrl"), check);
    let isLost = false;
    const client = makeOrdersClient({
      apiUrl: laptop.output("apiUrl"),
      async fetch(url, init) {
        const response = await send(url, init);
        if (response.status !== 202 || isLost) return response;
        isLost = true;
        throw new TypeError("fetch failed");
      },
      pause(milliseconds) {
        pauses.push(milliseconds);
        return setTimeout(50);
      },
    });
    const created = await client.createOrder(aRequest, KEY);
    if (!created.ok) throw new Error(created.problem.detail);
    expect(counts).toEqual(
      new Map([
        ["POST /orders 503", 2],
        ["POST /orders 202", 2],
      ]),
    );
    // As long as Retry-After has said.
    expect(pauses.slice(0, 2).every((each) => [1, 2, 3, 4, 5].includes(each / 1000))).toBe(true);
    const ended = await client.waitForEnd(created.value.orderId);
    expect(ended).toMatchObject({ ok: true, value: { ...aRequest, status: "COMPLETED" } });
    expect(await laptop.countOrders()).toBe(ordersBefore + 1);
  });

  it("gives a violation of an order with a pointer to it", async () => {
    const client = makeOrdersClient({ apiUrl: laptop.output("apiUrl") });
    const answer = await client.createOrder({ ...aRequest, items: [] }, KEY);
    expect(answer).toMatchObject({ ok: false, problem: { errors: [{ pointer: "/items" }] } });
  });
});

describe("an API with limits on the laptop", () => {
  let limited: Laptop;
  beforeAll(async () => {
    limited = await startLaptop({
      config: {
        "order-processing:requireApiKey": true,
        "order-processing:usagePlan": { quotaLimit: 2 },
        "order-processing:throttle": { rateLimit: 1, burstLimit: 6 },
      },
    });
  });
  afterAll(() => limited.stop());

  it("rejects requests beyond an API key's quota", async () => {
    const key = { "X-API-Key": limited.output("apiKey") };
    const accepted = [await limited.post(aRequest, key), await limited.post(aRequest, key)];
    expect(accepted.map(({ status }) => status)).toEqual([202, 202]);
    const response = await limited.post(aRequest, key);
    expect(response.status).toBe(429);
    expect(expectProblem("a request beyond it", await answerOf(response), 429)).toEqual({
      detail: "The quota of this API key is used up.",
    });
  });

  it("asks clients of a throttled stage to slow down", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await fetch(`${limited.output("apiUrl")}nothing`);
        if (response.status === 429) {
          expectProblem("a throttled request", await answerOf(response), 429);
        }
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(3);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
  });
});

describe("the log of the laptop", () => {
  it("has no warnings: every resource of the program is emulated", () => {
    expect(laptop.events.filter(({ kind }) => kind === "warning")).toEqual([]);
  });

  it("contains no value of an order", async () => {
    const secret = "very-personal-4711";
    const request = {
      customerId: secret,
      items: [{ sku: secret, [secret]: secret }],
      metadata: { [secret]: secret },
    };
    const orderId = await laptop.accepted(request, { "Idempotency-Key": `${secret}-key` });
    await laptop.until(orderId, "notified", isNotified);
    await laptop.post({ ...request, status: secret });
    expect(JSON.stringify(laptop.events)).toContain(orderId);
    expect(JSON.stringify(laptop.events)).not.toContain(secret);
  });
});
