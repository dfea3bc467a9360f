import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { storedOrder } from "../handlers/aws/stored-order";
import { orderIdFor } from "../handlers/idempotency";
import type { EndStatus, Json } from "../handlers/order";
import { orderMessage } from "../handlers/order-message";
import { eventually } from "../harness/eventually";
import type { CountedCall, FaultKind } from "../laptop/endpoint/fault-injection";
import type { Moment } from "./moment";
import type { WatchedStack } from "./stack";

/** How an order goes where nothing else goes wrong, and how it ends then. */
interface Way {
  end: EndStatus;
  /** For the obedient step. */
  metadata?: Record<string, Json>;
  /** The order's own undo throws at its first try. */
  undoThrows?: true;
  /** No message of create-order is ever sent: it is left to the reconciler, or to a cancellation. */
  isUnsent?: true;
  /** Its cancellation is requested as soon as this is seen of it. */
  cancelledWhen?: (moment: Moment) => boolean;
}

const HOUR_SECONDS = 3600;

export const SCENARIOS = {
  completes: { end: "COMPLETED" },
  "is rejected": { end: "REJECTED", metadata: { does: "reject", steps: 1 } },
  "is waited for": { end: "COMPLETED", metadata: { does: "take a second" } },
  "has steps and a wait": { end: "COMPLETED", metadata: { steps: 2, waitSeconds: 1 } },
  fails: { end: "FAILED", metadata: { does: "throw", steps: 1 }, undoThrows: true },
  "is reconciled": { end: "COMPLETED", isUnsent: true },
  "is cancelled before it is worked on": {
    end: "CANCELLED",
    isUnsent: true,
    cancelledWhen: () => true,
    // Reached only where the reconciler is faster than the client.
    metadata: { waitSeconds: HOUR_SECONDS },
  },
  "is cancelled while it waits": {
    end: "CANCELLED",
    metadata: { steps: 1, waitSeconds: HOUR_SECONDS },
    cancelledWhen: ({ kept }) => kept.some(({ kind }) => kind === "wait"),
  },
  "is cancelled during its last step": {
    end: "CANCELLED",
    metadata: { steps: 1, does: "take a second" },
    cancelledWhen: ({ kept }) => kept.length > 0,
  },
} as const satisfies Record<string, Way>;

export type Scenario = keyof typeof SCENARIOS;

/** One order that goes through a scenario. */
export interface ScenarioRun {
  scenario: Scenario;
  customerId: string;
  key: string;
  orderId: string;
  metadata: Record<string, Json>;
  /** Requests until it was accepted. */
  tries: number;
  /** What its client saw go wrong. */
  error: string | undefined;
}

const MAX_TRIES = 10;
const TIMEOUT_MILLISECONDS = 90_000;

/** In a stack's directory: what the obedient step has really run. */
export function runsFile(directory: string): string {
  return path.join(directory, "runs");
}

/** `directory`: for the obedient step's files. */
export function newRun(scenario: Scenario, directory: string): ScenarioRun {
  const customerId = randomUUID();
  const key = `key-of-${customerId}`;
  const orderId = orderIdFor(customerId, key);
  const { metadata, undoThrows }: Way = SCENARIOS[scenario];
  const whole = {
    ...metadata,
    runs: runsFile(directory),
    ...(undoThrows && { undoThrown: path.join(directory, `undo-thrown-${orderId}`) }),
  };
  return { scenario, customerId, key, orderId, metadata: whole, tries: 0, error: undefined };
}

/** A scenario's own fault. */
export function faultOf(run: ScenarioRun, { caller, action }: CountedCall): FaultKind | undefined {
  const { isUnsent }: Way = SCENARIOS[run.scenario];
  const isMessage = caller === "create-order" && action === "SendMessage";
  return isUnsent && isMessage ? "server-error" : undefined;
}

/** Takes an order from its POST to its notification. */
export async function runScenario(stack: WatchedStack, run: ScenarioRun): Promise<void> {
  const { scenario, orderId, customerId, key, metadata } = run;
  const order = { customerId, items: [{ sku: "tea" }], metadata };
  try {
    run.tries = (await stack.postUntilAccepted(order, key, MAX_TRIES)).tries;
    // A second message, which finds the order leased.
    if (scenario === "is waited for") await stack.send("queueUrl", orderMessage(orderId));
    const expected = await cancelled(stack, run);
    await eventually(
      `order ${orderId} to be notified`,
      () => stack.ledger.last(orderId)?.isNotified,
      TIMEOUT_MILLISECONDS,
    );
    if (scenario === "completes") await repeatAll(stack, run, order);
    const item = await stack.storedItem(orderId);
    const status = item && storedOrder(item).order.status;
    if (status !== expected) throw new Error(`it is ${status ?? "gone"}, not ${expected}`);
  } catch (error) {
    run.error = (error as Error).message;
  }
}

/** Requests the cancellation, where the scenario has one. Gives how the order has to end. */
async function cancelled(
  stack: WatchedStack,
  { scenario, orderId }: ScenarioRun,
): Promise<EndStatus> {
  const { cancelledWhen, end }: Way = SCENARIOS[scenario];
  if (!cancelledWhen) return end;
  await eventually(
    `order ${orderId} to be far enough`,
    () => stack.ledger.moments(orderId).some(cancelledWhen),
    TIMEOUT_MILLISECONDS,
  );
  // Where the request goes wrong at first, the order may be done before it is repeated.
  return (await stack.cancelUntilAnswered(orderId, MAX_TRIES)) ? end : "COMPLETED";
}

/** What queues, networks and clients repeat, and the client's question how the order ended. */
async function repeatAll(stack: WatchedStack, run: ScenarioRun, order: object): Promise<void> {
  const { key, orderId } = run;
  await stack.send("queueUrl", orderMessage(orderId));
  const replayed = await stack.postUntilAccepted(order, key, MAX_TRIES);
  const found = await stack.getUntilFound(orderId, MAX_TRIES);
  for (const answered of [replayed, found]) {
    if (answered.order.orderId !== orderId) throw new Error("a replay gave another order");
    if (answered.order.notifiedAt === undefined) throw new Error("a response was out of date");
  }
  if (await stack.cancelUntilAnswered(orderId, MAX_TRIES)) {
    throw new Error("an order was cancelled after its end");
  }
}
