import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import type {
  Item,
  QueueMessage,
  StackDescription,
  Trace,
  TraceSummary,
} from "../../laptop/console/protocol";
import { aRequest, isNotified } from "../support/orders";
import { rawRequest } from "../support/raw-request";

let laptop: Laptop;
let orderId: string;

beforeAll(async () => {
  laptop = await startLaptop({
    config: {
      "order-processing:subscriptions": [{ protocol: "email", endpoint: "ops@example.com" }],
    },
  });
  orderId = await laptop.accepted(aRequest);
  await laptop.until(orderId, "notified", isNotified);
});
afterAll(() => laptop.stop());

const url = (path: string) => `${laptop.consoleUrl}api/${path}`;
const ask = async <T>(path: string) => (await fetch(url(path))).json() as Promise<T>;

async function change(method: string, path: string, body?: object) {
  const response = await fetch(url(path), {
    method,
    headers: { "x-laptop-console": "1" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: await response.json() };
}

/** Of the request that has placed an order, once all in it is over. */
function traceOf(id: string): Promise<Trace> {
  return eventually("its trace to be over", async () => {
    const { traces } = await ask<Item>(`items/orders/${id}`);
    const summary = traces.find(({ name }) => name === "POST /dev/orders");
    return summary?.open === false && (await ask<Trace>(`traces/${summary.id}`));
  });
}

describe("the console's API", () => {
  it("is found without the slash at its end", async () => {
    const response = await fetch(laptop.consoleUrl.slice(0, -1));
    expect([response.status, response.url]).toEqual([200, laptop.consoleUrl]);
  });

  it("has an order's way from its request to its notification", async () => {
    const { timeline, items, status, troubled } = await traceOf(orderId);
    const nameOf = new Map(timeline.map(({ id, name }) => [id, name]));
    const steps = timeline.map(({ kind, name, parent }) =>
      [kind, name, "by", nameOf.get(parent ?? "") ?? "a client"].join(" "),
    );
    expect(steps.slice(0, 2)).toEqual([
      "request POST /dev/orders by a client",
      "invocation create-order by POST /dev/orders",
    ]);
    expect(steps.slice(2).sort()).toEqual([
      "call dynamodb PutItem by create-order",
      "call dynamodb UpdateItem by process-order",
      "call dynamodb UpdateItem by process-order",
      "call dynamodb UpdateItem by process-order",
      "call sns Publish by process-order",
      "call sqs SendMessage by create-order",
      "delivery order-events to email by process-order",
      "invocation process-order by create-order",
      "wait orders by create-order",
    ]);
    expect({ items, status, troubled }).toEqual({
      ...{ items: [{ table: "orders", id: orderId }], status: 202, troubled: false },
    });
    expect(await ask<TraceSummary[]>(`traces?search=POST`)).toHaveLength(1);
  });

  it("has an item with each write of it", async () => {
    const { status, attributes, history } = await ask<Item>(`items/orders/${orderId}`);
    expect([status, attributes["customerId"]]).toEqual(["COMPLETED", aRequest.customerId]);
    const statuses = history.flatMap(({ by, action, changes }) =>
      changes
        .filter(({ attribute }) => attribute === "status")
        .map(({ before, after }) => [by, action, before, after]),
    );
    expect(statuses).toEqual([
      ["create-order", "PutItem", undefined, "RECEIVED"],
      ["process-order", "UpdateItem", "RECEIVED", "PROCESSING"],
      ["process-order", "UpdateItem", "PROCESSING", "COMPLETED"],
    ]);
    expect(await ask(`items?table=orders&search=${orderId}`)).toHaveLength(1);
    expect(await ask(`items?table=orders&search=none`)).toEqual([]);
  });

  it("describes the stack, its contract and its commands", async () => {
    const stack = await ask<StackDescription>("stack");
    expect(stack.outputs["apiUrl"]).toBe(laptop.output("apiUrl"));
    expect(stack.requests.map(({ method, path }) => `${method} ${path}`)).toContain("POST /orders");
    expect(stack.commands.map(({ name }) => name)).toEqual(["doctor", "redrive", "smoke"]);
    const { origin } = new URL(laptop.consoleUrl);
    expect(stack.commands[0]?.command).toBe(`npm run -s doctor -- --endpoint ${origin}`);
    const server = laptop.output("apiUrl").replace(/\/$/, "");
    expect(await ask("contract")).toMatchObject({ servers: [{ url: server }] });
  });

  it("starts an outage and ends it, and shows the messages that wait meanwhile", async () => {
    const outage = { service: "dynamodb", kind: "cut-off", seconds: 600 };
    expect(await change("POST", "outages", outage)).toEqual({ status: 200, answer: {} });
    expect((await laptop.post(aRequest)).status).toBe(503);
    await laptop.send("queueUrl", JSON.stringify({ orderId }));
    const isHeld = async () => {
      const messages = await ask<QueueMessage[]>("queues/orders/messages");
      return messages.find(({ state, receives }) => state === "in flight" && receives === 1);
    };
    expect(await eventually("the message to be held", isHeld)).toMatchObject({
      body: JSON.stringify({ orderId }),
    });
    expect(await change("DELETE", "outages/dynamodb")).toEqual({ status: 200, answer: {} });
    expect((await laptop.post(aRequest)).status).toBe(202);
  });

  it.each([
    ["outages", { service: "dynamodb", kind: "cut-off", seconds: 0 }],
    ["outages", { service: "dynamodb", kind: "cut-off", seconds: 1e9 }],
    ["outages", { service: "ec2", kind: "cut-off", seconds: 1 }],
    ["outages", { service: "sqs", kind: "eaten", seconds: 1 }],
    ["kill", { function: "create-order" }],
  ])("refuses what it does not understand: %s %j", async (path, body) => {
    expect((await change("POST", path, body)).status).toBe(400);
  });

  it("kills an execution environment, and none of another process", async () => {
    const [before] = laptop.invocations("create-order");
    const pid = before?.pid ?? 0;
    const others = { function: "create-order", pid: process.pid };
    expect((await change("POST", "kill", others)).status).toBe(404);
    const target = { function: "create-order", pid };
    expect((await change("POST", "kill", target)).status).toBe(200);
    expect((await change("POST", "kill", target)).status).toBe(404);
    const next = await laptop.accepted(aRequest);
    const { timeline } = await traceOf(next);
    expect(timeline.find(({ name }) => name === "create-order")).toMatchObject({
      coldMilliseconds: expect.any(Number),
    });
    expect(laptop.invocations("create-order").at(-1)?.pid).not.toBe(pid);
  });

  it("runs the program's commands, and no others", async () => {
    expect((await change("POST", "commands/rm", {})).status).toBe(404);
    expect((await change("POST", "commands/doctor%20--help", {})).status).toBe(404);
  });

  it("says what it does not have", async () => {
    for (const path of ["traces/1-0-0", "items/orders/none", "nothing", "traces/"]) {
      expect([path, (await fetch(url(path))).status]).toEqual([path, 404]);
    }
  });

  it("answers nobody but this machine", async () => {
    const { host } = new URL(laptop.consoleUrl);
    const foreign = await rawRequest(url("stack"), { headers: [["Origin", "http://x.example"]] });
    expect(foreign.status).toBe(403);
    expect(foreign.headers["access-control-allow-origin"]).toBeUndefined();
    const outage = JSON.stringify({ service: "sqs", kind: "cut-off", seconds: 1 });
    const form = await rawRequest(url("outages"), { method: "POST", body: outage });
    expect(form.status).toBe(403);
    const preflight = await rawRequest(url("outages"), {
      method: "OPTIONS",
      headers: [["Origin", `http://${host}`]],
    });
    expect(preflight.status).toBe(403);
    expect(preflight.headers["access-control-allow-headers"]).toBeUndefined();
  });
});
