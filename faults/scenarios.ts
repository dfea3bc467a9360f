import { randomUUID } from "node:crypto";
import { storedOrder } from "../handlers/aws/stored-order";
import { orderIdFor } from "../handlers/idempotency";
import type { EndStatus } from "../handlers/order";
import { orderMessage } from "../handlers/order-message";
import { eventually } from "../harness/eventually";
import type { CountedCall, FaultKind } from "../laptop/endpoint/fault-injection";
import type { WatchedStack } from "./stack";

/** How an order goes where nothing else goes wrong, and how it ends then. */
export const SCENARIOS = {
  completes: "COMPLETED",
  "is rejected": "REJECTED",
  "is waited for": "COMPLETED",
  fails: "FAILED",
  "is reconciled": "COMPLETED",
} as const satisfies Record<string, EndStatus>;

export type Scenario = keyof typeof SCENARIOS;

/** One order that goes through a scenario. */
export interface ScenarioRun {
  scenario: Scenario;
  customerId: string;
  key: string;
  orderId: string;
  /** Requests until it was accepted. */
  tries: number;
  /** What its client saw go wrong. */
  error: string | undefined;
}

const MAX_TRIES = 5;
const TIMEOUT_MILLISECONDS = 90_000;

export function newRun(scenario: Scenario): ScenarioRun {
  const customerId = randomUUID();
  const key = `key-of-${customerId}`;
  const orderId = orderIdFor(customerId, key);
  return { scenario, customerId, key, orderId, tries: 0, error: undefined };
}

/** A scenario's own fault: an order whose message was never sent is left to the reconciler. */
export function faultOf({ scenario }: ScenarioRun, { action }: CountedCall): FaultKind | undefined {
  return scenario === "is reconciled" && action === "SendMessage" ? "server-error" : undefined;
}

/** Takes an order from its POST to its notification. */
export async function runScenario(stack: WatchedStack, run: ScenarioRun): Promise<void> {
  const { scenario, orderId, customerId, key } = run;
  const order = { customerId, items: [{ sku: "tea" }], metadata: metadataOf(scenario) };
  try {
    run.tries = (await stack.postUntilAccepted(order, key, MAX_TRIES)).tries;
    // A second message, which finds the order leased.
    if (scenario === "is waited for") await stack.send("queueUrl", orderMessage(orderId));
    await eventually(
      `order ${orderId} to be notified`,
      () => stack.ledger.last(orderId)?.isNotified,
      TIMEOUT_MILLISECONDS,
    );
    if (scenario === "completes") await repeatAll(stack, run, order);
    const item = await stack.storedItem(orderId);
    const status = item && storedOrder(item).order.status;
    if (status !== SCENARIOS[scenario]) {
      throw new Error(`it is ${status ?? "gone"}, not ${SCENARIOS[scenario]}`);
    }
  } catch (error) {
    run.error = (error as Error).message;
  }
}

function metadataOf(scenario: Scenario): Record<string, string> {
  switch (scenario) {
    case "is rejected":
      return { step: "reject" };
    case "fails":
      return { step: "throw" };
    case "is waited for":
      return { step: "take a second" };
    case "completes":
    case "is reconciled":
      return {};
  }
}

/** What queues and networks repeat, and the client's question how the order ended. */
async function repeatAll(stack: WatchedStack, run: ScenarioRun, order: object): Promise<void> {
  const { key, orderId } = run;
  await stack.send("queueUrl", orderMessage(orderId));
  const replayed = await stack.postUntilAccepted(order, key, MAX_TRIES);
  const found = await stack.getUntilFound(orderId, MAX_TRIES);
  for (const answered of [replayed, found]) {
    if (answered.order.orderId !== orderId) throw new Error("a replay gave another order");
    if (answered.order.notifiedAt === undefined) throw new Error("a response was out of date");
  }
}
