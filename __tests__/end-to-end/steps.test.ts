import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { HistoryEntry } from "../../handlers/history";
import type { Notification } from "../../handlers/notification";
import type { Order } from "../../handlers/order";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { overriding, queueWith, scheduleAt, variablesOf } from "../../harness/overrides";
import { copyProject } from "../../harness/project-copy";
import { aRequest, isNotified } from "../support/orders";

const TIMEOUT_SECONDS = 3;
/** A longer wait is ended by the reconciler. */
const MAX_HIDDEN_SECONDS = 2;
const LONG_WAIT_SECONDS = 3;
const MONTH_SECONDS = 30 * 86_400;

const PROJECT = path.join(__dirname, "..", "..");
const sourceOf = (...names: string[]) => readFileSync(path.join(PROJECT, ...names), "utf8");
const life = sourceOf("handlers", "life.ts");
const impatient = life.replace(/(MAX_HIDDEN_SECONDS =) \d+/, `$1 ${MAX_HIDDEN_SECONDS}`);
const copy = copyProject({
  "handlers/fulfil-order.ts": sourceOf("__tests__", "fixtures", "stepwise-fulfil-order.ts"),
  "handlers/life.ts": impatient,
});
const fileFor = (name: string) => path.join(copy.directory, name);

let laptop: Laptop;
let readNotifications: () => Promise<Notification[]>;

beforeAll(async () => {
  laptop = await startLaptop({
    directory: copy.directory,
    config: {
      "order-processing:processing": { timeoutSeconds: TIMEOUT_SECONDS, maxAttempts: 3 },
    },
    override: overriding(
      variablesOf("process-order", { BACKOFF_SECONDS: 0.5, NEXT_CHECK_SECONDS: 5 }),
      variablesOf("reconcile-orders", { NEXT_CHECK_SECONDS: 5 }),
      scheduleAt(1),
      queueWith(6, undefined),
    ),
  });
  readNotifications = await laptop.subscribe("customer");
});
afterAll(async () => {
  await laptop.stop();
  copy.remove();
});

/** Gives the order's id, and what reads which of its steps have really run. */
async function accepted(name: string, metadata: Record<string, unknown>) {
  const runs = fileFor(`runs-${name}`);
  const orderId = await laptop.accepted({ ...aRequest, metadata: { ...metadata, runs } });
  return { orderId, readRuns: () => readFileSync(runs, "utf8").trim().split("\n") };
}

async function historyOf(orderId: string): Promise<HistoryEntry[]> {
  const response = await fetch(`${laptop.output("apiUrl")}orders/${orderId}/history`);
  expect(response.status).toBe(200);
  const body = (await response.json()) as { orderId: string; history: HistoryEntry[] };
  expect(body.orderId).toBe(orderId);
  return body.history;
}

function cancel(orderId: string): Promise<Response> {
  return fetch(`${laptop.output("apiUrl")}orders/${orderId}`, { method: "DELETE" });
}

const changesOf = (history: HistoryEntry[]) =>
  history.map(({ change, step }) => (step === undefined ? change : `${change} ${step}`));
const seconds = (from = "", to = "") => (Date.parse(to) - Date.parse(from)) / 1000;

describe("an order in steps", () => {
  it("goes on after its worker was killed, with what was kept, and runs no kept step again", async () => {
    const pidFile = fileFor("pid");
    const { orderId, readRuns } = await accepted("killed", { hangOnce: pidFile });
    const pid = await eventually("the second step to run", () =>
      existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : undefined,
    );
    const { progress, status } = await laptop.get(orderId);
    expect([status, progress]).toEqual([
      "PROCESSING",
      [{ step: "charge", at: expect.any(String) }],
    ]);
    process.kill(pid, "SIGKILL");

    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(order.progress?.map(({ step }) => step)).toEqual(["charge", "ship"]);
    expect(readRuns()).toEqual(["charge", "ship for payment-1", "ship for payment-1"]);
    expect(changesOf(await historyOf(orderId))).toEqual([
      "accept",
      "claim",
      "keep charge",
      "claim",
      "keep ship",
      "complete",
      "notify",
    ]);
  });

  it("is FAILED at once, after its undo, where a result is too large to be kept", async () => {
    const { orderId, readRuns } = await accepted("large", { bytes: 65 * 1024 });
    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order.status).toBe("FAILED");
    expect(order.reason).toBe(
      '"ship" is too large to be kept: what is kept of an order may take 64 KiB.',
    );
    expect(readRuns()).toEqual([
      "charge",
      "ship for payment-1",
      'undo charge of {"id":"payment-1"}',
    ]);
    expect((await cancel(orderId)).status).toBe(409);
  });

  it("can be undone in steps, however much of the room for results its own have taken", async () => {
    const full = { bytes: 65_250, rejected: "card declined" };
    const { orderId, readRuns } = await accepted("full", full);
    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order).toMatchObject({ status: "REJECTED", reason: "card declined" });
    expect(order).not.toHaveProperty("undoFailed");
    const undone = readRuns().map((run) => run.split(" ").slice(0, 2).join(" "));
    expect(undone.slice(2)).toEqual(["undo ship", "undo charge"]);
  });
});

describe("an order that waits", () => {
  it("goes on when its wait is over, as its own history says", async () => {
    const { orderId, readRuns } = await accepted("short", { waitSeconds: 1 });
    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(readRuns()).toEqual(["charge", "ship for payment-1"]);

    const history = await historyOf(orderId);
    const [accept, claim, charge, wait, claimAgain, ship, complete, notify] = history;
    expect(history).toHaveLength(8);
    const between = { from: "PROCESSING", to: "PROCESSING" };
    const at = expect.any(String) as string;
    expect(accept).toEqual({ change: "accept", to: "RECEIVED", attempt: 0, at });
    expect(claim).toEqual({ change: "claim", from: "RECEIVED", to: "PROCESSING", attempt: 1, at });
    expect(charge).toEqual({ change: "keep", ...between, attempt: 1, step: "charge", at });
    expect(wait).toEqual({
      change: "wait",
      ...between,
      attempt: 1,
      step: "pickup",
      until: at,
      at,
    });
    expect(claimAgain).toEqual({ change: "claim", ...between, attempt: 2, at });
    expect(ship).toEqual({ change: "keep", ...between, attempt: 2, step: "ship", at });
    const end = { from: "PROCESSING", to: "COMPLETED", attempt: 2 };
    expect(complete).toEqual({ change: "complete", ...end, at: order.completedAt });
    expect(notify).toEqual({ change: "notify", ...end, from: "COMPLETED", at: order.notifiedAt });
    expect(seconds(wait?.until, claimAgain?.at)).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(history)).not.toContain("payment-1");
  });

  it("for longer than a message is hidden is brought back by the reconciler", async () => {
    expect(impatient).not.toBe(life);
    const { orderId, readRuns } = await accepted("long", { waitSeconds: LONG_WAIT_SECONDS });
    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order.status).toBe("COMPLETED");
    expect(readRuns()).toEqual(["charge", "ship for payment-1"]);
    const [wait, claim] = (await historyOf(orderId)).slice(3);
    expect([wait?.change, claim?.change]).toEqual(["wait", "claim"]);
    expect(seconds(wait?.until, claim?.at)).toBeGreaterThanOrEqual(0);
    const handled = JSON.stringify(laptop.invocations("process-order").map(({ log }) => log));
    expect(handled).toContain("order waits: left to the reconciler");
    const reconciled = laptop.invocations("reconcile-orders").flatMap(({ log }) => log);
    const sent = reconciled.map((entry) => entry as { sent?: number; overdue?: number });
    expect(sent.some(({ sent: count = 0 }) => count > 0)).toBe(true);
  });
});

describe("DELETE of an order that waits for a month", () => {
  it("makes it CANCELLED and notified within seconds, and its undo runs", async () => {
    const { orderId, readRuns } = await accepted("month", { waitSeconds: MONTH_SECONDS });
    await eventually("the order to wait", async () =>
      (await historyOf(orderId)).some(({ change }) => change === "wait"),
    );
    const response = await cancel(orderId);
    expect(response.status).toBe(202);
    const requested = (await response.json()) as Order;
    expect(requested).toMatchObject({
      status: "PROCESSING",
      cancelRequestedAt: expect.any(String),
    });

    const order = await laptop.until(orderId, "notified", isNotified);
    expect(order).toMatchObject({ status: "CANCELLED", cancelledAt: expect.any(String) });
    expect(order).not.toHaveProperty("undoFailed");
    expect(seconds(order.cancelRequestedAt, order.notifiedAt)).toBeLessThan(15);
    expect(readRuns()).toEqual(["charge", 'undo charge of {"id":"payment-1"}']);
    expect(order.progress?.map(({ step }) => step)).toEqual(["charge"]);
    expect(changesOf(await historyOf(orderId))).toEqual([
      "accept",
      "claim",
      "keep charge",
      "wait pickup",
      "ask to cancel",
      "begin undo",
      "keep undo:charge",
      "cancel",
      "notify",
    ]);
    const notified = await eventually("the notification", async () =>
      (await readNotifications()).find((each) => each.orderId === orderId),
    );
    expect(notified).toMatchObject({ status: "CANCELLED", cancelledAt: order.cancelledAt });

    const repeated = await cancel(orderId);
    expect(repeated.status).toBe(200);
    expect(await repeated.json()).toEqual(order);
  });
});
