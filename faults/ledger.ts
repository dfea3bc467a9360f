import type { AwsAnswer } from "../local/aws-error";
import type { CountedCall } from "../local/faults";
import { chooseMessage } from "../local/message-structure";
import type { OrderStatus } from "../handlers/order";

/** One change of an order that the table has made. */
export interface Step {
  status: OrderStatus;
  attempt: number;
}

interface Account {
  history: Step[];
  /** Notifications that SNS has taken, whether or not its answer got through. */
  published: string[];
  /** Notifications that reached a customer's queue. */
  delivered: string[];
}

/** An order's life may take these edges and no others (docs/architecture.md). */
const EDGES: Record<OrderStatus, OrderStatus[]> = {
  RECEIVED: ["PROCESSING", "FAILED"],
  PROCESSING: ["PROCESSING", "COMPLETED", "FAILED"],
  COMPLETED: ["COMPLETED"],
  FAILED: ["FAILED", "PROCESSING"],
};

/** Whether an order may go from one step to the next; only a claim makes a new attempt. */
export function isEdge(before: Step, { status, attempt }: Step): boolean {
  const attempts = status === "PROCESSING" ? before.attempt + 1 : before.attempt;
  return EDGES[before.status].includes(status) && attempt === attempts;
}

const ORDER_ID = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** The order that a call is about: all of them carry its id, as a key or in a message. */
export function orderIn(body: Buffer | string): string | undefined {
  return ORDER_ID.exec(body.toString())?.[0];
}

/** Keeps account, from outside of the handlers, of what really happened to each order. */
export function makeLedger() {
  const accounts = new Map<string, Account>();

  function account(orderId: string): Account {
    const known = accounts.get(orderId) ?? { history: [], published: [], delivered: [] };
    accounts.set(orderId, known);
    return known;
  }

  return {
    /** To be told of each performed call. */
    onCall(call: CountedCall, answer: AwsAnswer): void {
      const orderId = orderIn(call.body);
      if (orderId === undefined || answer.status !== 200) return;
      if (call.action === "PutItem")
        account(orderId).history.push({ status: "RECEIVED", attempt: 0 });
      if (call.action === "UpdateItem") account(orderId).history.push(stepIn(answer.body));
      if (call.action === "Publish") account(orderId).published.push(endIn(formMessage(call.body)));
    },
    /** To be told of each message in a queue that subscribes to the topic. */
    onDelivery(envelope: string): void {
      const { Message } = JSON.parse(envelope) as { Message: string };
      const orderId = orderIn(Message);
      if (orderId !== undefined) account(orderId).delivered.push(endIn(Message));
    },
    /** How often the order was made: more than once is one too many. */
    timesMade: (orderId: string) => timesMade(account(orderId)),
    /** What went against the promises; empty when they were kept. */
    complaints: (orderId: string): string[] => complaintsOf(account(orderId)),
    endOf: (orderId: string) => account(orderId).history.at(-1)?.status,
    publishes: (orderId: string) => account(orderId).published.length,
  };
}

function timesMade({ history }: Account): number {
  return history.filter(({ status }) => status === "RECEIVED").length;
}

function complaintsOf(account: Account): string[] {
  const { history, published, delivered } = account;
  const complaints: string[] = [];
  const end = history.at(-1);
  if (timesMade(account) !== 1) complaints.push("it was not made once");
  for (const [i, step] of history.slice(1).entries()) {
    const before = history[i];
    if (before && !isEdge(before, step)) complaints.push(`${before.status} → ${step.status}`);
  }
  if (end?.status !== "COMPLETED" && end?.status !== "FAILED") {
    complaints.push(`it is ${end?.status ?? "gone"}`);
  } else if (!published.some((text) => text.startsWith(end.status))) {
    complaints.push(`nobody was told that it is ${end.status}`);
  }
  if (delivered.toSorted().join() !== published.toSorted().join()) {
    complaints.push(
      `${published.length} notifications were published, ${delivered.length} arrived`,
    );
  }
  return complaints;
}

function stepIn(answer: Buffer): Step {
  const { Attributes } = JSON.parse(answer.toString()) as {
    Attributes: { status: { S: OrderStatus }; attempt?: { N: string } };
  };
  return { status: Attributes.status.S, attempt: Number(Attributes.attempt?.N ?? 0) };
}

/** The text of a Publish call that queues and functions receive. */
function formMessage(body: Buffer): string {
  return new URLSearchParams(chooseMessage(body)?.toString()).get("Message") ?? "";
}

function endIn(notification: string): string {
  const { status, completedAt, failedAt } = JSON.parse(notification) as Record<string, string>;
  return `${status ?? ""} ${completedAt ?? failedAt ?? ""}`;
}
