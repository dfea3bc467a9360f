import { randomUUID } from "node:crypto";
import { orderIdFor } from "../handlers/idempotency";
import type { EndStatus } from "../handlers/order";
import { orderMessage } from "../handlers/order-message";
import type { CountedCall, FaultKind } from "../laptop/endpoint/fault-injection";
import { getUntilFound, postUntilAccepted } from "./client";
import type { WatchedStack } from "./stack";
import { until } from "./until";

/** How an order goes where nothing else goes wrong, and how it ends then. */
export const SCENARIOS = {
  completes: "COMPLETED",
  "is rejected": "REJECTED",
  "is waited for": "COMPLETED",
  fails: "FAILED",
  "is reconciled": "COMPLETED",
} as const satisfies Record<string, EndStatus>;

export type Scenario = keyof typeof SCENARIOS;

/** One order on its way through a scenario. */
export interface Trip {
  scenario: Scenario;
  customerId: string;
  key: string;
  orderId: string;
  /** Requests that it took to be accepted. */
  tries: number;
  /** What went wrong for its client; undefined when nothing did. */
  trouble: string | undefined;
}

const MAX_TRIES = 5;
const PATIENCE_MILLISECONDS = 90_000;

export function makeTrip(scenario: Scenario): Trip {
  const customerId = randomUUID();
  const key = `key-of-${customerId}`;
  const orderId = orderIdFor(customerId, key);
  return { scenario, customerId, key, orderId, tries: 0, trouble: undefined };
}

/** What goes wrong in a scenario itself: one whose message was never sent is left to the reconciler. */
export function faultOf({ scenario }: Trip, { action }: CountedCall): FaultKind | undefined {
  return scenario === "is reconciled" && action === "SendMessage" ? "server-error" : undefined;
}

/** Takes an order from its POST to its notification. */
export async function takeTrip(stack: WatchedStack, trip: Trip): Promise<void> {
  const { scenario, orderId, customerId, key } = trip;
  const order = { customerId, items: [{ sku: "tea" }], metadata: metadataOf(scenario) };
  try {
    trip.tries = (await postUntilAccepted(stack.ordersUrl, key, order, MAX_TRIES)).tries;
    // A second message, which finds the order leased.
    if (scenario === "is waited for") await stack.send(orderMessage(orderId));
    await until(`order ${orderId} to be notified`, PATIENCE_MILLISECONDS, () => {
      return stack.ledger.last(orderId)?.isNotified === true;
    });
    if (scenario === "completes") await repeatAll(stack, trip, order);
    const stored = await stack.readOrder(orderId);
    if (stored?.order.status !== SCENARIOS[scenario]) {
      throw new Error(`it is ${stored?.order.status ?? "gone"}, not ${SCENARIOS[scenario]}`);
    }
  } catch (error) {
    trip.trouble = (error as Error).message;
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

/** What is repeated in a life with queues and networks, and the client's question how it ended. */
async function repeatAll(stack: WatchedStack, trip: Trip, order: object): Promise<void> {
  const { key, orderId } = trip;
  await stack.send(orderMessage(orderId));
  const replayed = await postUntilAccepted(stack.ordersUrl, key, order, MAX_TRIES);
  const found = await getUntilFound(`${stack.ordersUrl}/${orderId}`, MAX_TRIES);
  for (const answered of [replayed, found]) {
    if (answered.order.orderId !== orderId)
      throw new Error("a replay was answered as another order");
    if (answered.order.notifiedAt === undefined) throw new Error("an answer was out of date");
  }
}
