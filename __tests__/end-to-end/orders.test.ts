import type { Order } from "../../handlers/order";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import type { AwsCall } from "../../laptop/aws-call";
import { aRequest, aStoredOrder, isNotified } from "../support/orders";

const calls: AwsCall[] = [];
let laptop: Laptop;

beforeAll(async () => {
  laptop = await startLaptop({
    onCall: (call) => void calls.push(call),
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

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: "about:blank",
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  return problem;
}

describe("an order on the laptop", () => {
  it("takes one put, one message, one claim, one end, one notification, one notifiedAt", async () => {
    const orderId = await laptop.accepted(aRequest);
    await laptop.until(orderId, "notified", isNotified);
    await eventually("the message to be deleted", () =>
      calls.some(({ action }) => action.startsWith("DeleteMessage")),
    );
    const made = calls.filter(({ caller }) => ["create-order", "process-order"].includes(caller));
    expect(made.map(({ caller, action }) => `${caller} ${action}`)).toEqual([
      "create-order PutItem",
      "create-order SendMessage",
      "process-order UpdateItem",
      "process-order UpdateItem",
      "process-order Publish",
      "process-order UpdateItem",
    ]);
    expect(laptop.invocations("process-order")).toHaveLength(1);
    expect(laptop.invocations("create-order")).toHaveLength(1);
  });

  it("goes from POST to COMPLETED and notified, with its fields unchanged", async () => {
    const request = {
      customerId: "customer-é-🍵",
      items: [{ sku: "tea", quantity: 3, unitPrice: 0.1, own: { "": [null, 1.5e-300, "\u0000"] } }],
      metadata: { list: [], empty: "", nested: { deep: [[[{}]]] } },
    };
    const response = await laptop.post(request);
    expect(response.status).toBe(202);
    const order = (await response.json()) as Order;
    expect(order).toMatchObject({ ...request, status: "RECEIVED" });
    expect(response.headers.get("location")).toBe(`/dev/orders/${order.orderId}`);

    const ended = await laptop.until(order.orderId, "notified", isNotified);
    expect(ended).toEqual({
      ...order,
      status: "COMPLETED",
      updatedAt: ended.completedAt,
      completedAt: expect.any(String),
      notifiedAt: expect.any(String),
      totals: { units: 3, amount: 0.3 },
    });
  });

  it("is sent to the subscriptions whose filter it matches, and to no others", async () => {
    const orderId = await laptop.accepted({ ...aRequest, customerId: "somebody" });
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

  it("is accepted with any Content-Type", async () => {
    for (const type of [
      "application/x-www-form-urlencoded",
      "text/plain",
      "application/octet-stream",
    ]) {
      const response = await laptop.post(JSON.stringify(aRequest), { "Content-Type": type });
      expect(response.status).toBe(202);
    }
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

  it("is rejected with 422 for another order", async () => {
    const key = { "Idempotency-Key": "another-order-0001" };
    await laptop.accepted(aRequest, key);
    const response = await laptop.post({ ...aRequest, items: [{}] }, key);
    expect(response.status).toBe(422);
    await problemOf(response);
  });
});

describe("bad orders on the laptop", () => {
  const order = (rest: string) => `{"customerId":"a","items":[{}],${rest}}`;
  const MIB = 1024 * 1024;

  it.each<[string, number, string | Uint8Array | null]>([
    ["no body", 400, null],
    ["null", 400, "null"],
    ["a list", 400, "[]"],
    ["a string", 400, '"x"'],
    ["a number", 400, "7"],
    ["truncated JSON", 400, '{"customerId":"a","items":[{'],
    ["a byte order mark", 400, "\ufeff{}"],
    ["a blank customerId", 400, '{"customerId":" ","items":[{}]}'],
    ["no items", 400, '{"customerId":"a","items":[]}'],
    ["101 items", 400, `{"customerId":"a","items":[${"{},".repeat(100)}{}]}`],
    ["a status", 400, order('"status":"COMPLETED"')],
    ["__proto__ at the top", 400, order('"__proto__":{"customerId":"b"}')],
    ["__proto__ below", 400, order('"metadata":{"__proto__":{}}')],
    ["deep nesting", 400, order(`"metadata":{"d":${"[".repeat(90_000)}${"]".repeat(90_000)}}`)],
    [
      "many unknown fields",
      400,
      order(Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join()),
    ],
    ["a lone surrogate", 400, order('"metadata":{"s":"\\ud800"}')],
    ["1e400", 400, order('"metadata":{"n":1e400}')],
    ["an integer beyond 2^53", 400, order('"metadata":{"n":9007199254740993}')],
    ["bytes that are not UTF-8", 400, new Uint8Array([0x7b, 0xff, 0x7d])],
    ["more than DynamoDB stores", 413, order(`"metadata":{"s":"${"x".repeat(400 * 1024)}"}`)],
    ["7 MiB, more than Lambda takes", 413, "x".repeat(7 * MIB)],
    ["11 MiB, more than API Gateway takes", 413, "x".repeat(11 * MIB)],
  ])("%s: %i, and nothing in the table", async (_name, status, body) => {
    const before = await laptop.countOrders();
    const response = await laptop.post(body);
    expect(response.status).toBe(status);
    const problem = await problemOf(response);
    if (status === 400) {
      expect(problem["errors"]).toEqual(
        expect.arrayContaining([{ pointer: expect.any(String), detail: expect.any(String) }]),
      );
    }
    expect(await laptop.countOrders()).toBe(before);
  });
});

describe("the API on the laptop", () => {
  it("responds to unknown orders, routes and methods with 404 and a problem body", async () => {
    const api = laptop.output("apiUrl");
    const unknown = "orders/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
    for (const path of [unknown, "", "order", "orders", "orders/1/items", "orders/%2e%2e"]) {
      const response = await fetch(api + path);
      expect([path, response.status]).toEqual([path, 404]);
      await problemOf(response);
    }
    const deleted = await fetch(`${api}${unknown}`, { method: "DELETE" });
    expect(deleted.status).toBe(404);
    await problemOf(deleted);
  });

  it("responds to a path that cannot be decoded with 400", async () => {
    const response = await fetch(`${laptop.output("apiUrl")}orders/%E0%A4%A`);
    expect(response.status).toBe(400);
    await problemOf(response);
  });

  it("responds to another stage with 403", async () => {
    const response = await fetch(laptop.output("apiUrl").replace("/dev/", "/prod/orders"));
    expect(response.status).toBe(403);
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
    expect(await problemOf(response)).toMatchObject({
      detail: "The quota of this API key is used up.",
    });
  });

  it("asks clients of a throttled stage to slow down", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await fetch(`${limited.output("apiUrl")}nothing`);
        if (response.status === 429) await problemOf(response);
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
