import type { Item } from "../../handlers/aws/stored-order";
import type { AwsCall } from "../../laptop/aws-call";
import type { AwsResponse } from "../../laptop/endpoint/errors";

const MAX_TRIES = 50;

export interface PlannedCancellation {
  /** Of workers on the order, until its customer has had enough. */
  writes: number;
  /** Of the order. */
  url: string;
}

/** Customers who cancel at a moment of their own. */
export function makeCancellations() {
  const planned = new Map<string, PlannedCancellation>();
  const asked = new Map<string, Promise<boolean>>();

  function ask(orderId: string): void {
    const plan = planned.get(orderId);
    if (!plan) return;
    planned.delete(orderId);
    const answered = cancel(plan.url);
    // Looked at in the end; without this Node would take it for unhandled.
    answered.catch(() => undefined);
    asked.set(orderId, answered);
  }

  return {
    plan(orderId: string, cancellation: PlannedCancellation): void {
      planned.set(orderId, cancellation);
    },
    onAccepted(orderId: string): void {
      if (planned.get(orderId)?.writes === 0) ask(orderId);
    },
    /** To be given each performed call. */
    onCall({ caller, action }: AwsCall, { status, body }: AwsResponse): void {
      if (caller !== "process-order" || action !== "UpdateItem" || status !== 200) return;
      const { Attributes } = JSON.parse(body.toString()) as { Attributes?: Item };
      const orderId = Attributes?.["orderId"]?.S ?? "";
      const plan = planned.get(orderId);
      if (!plan) return;
      plan.writes -= 1;
      if (plan.writes === 0) ask(orderId);
    },
    /** Of the orders that their customers wanted to cancel: whether that came in time. */
    async results(): Promise<Map<string, boolean>> {
      const results = [...asked].map(async ([orderId, inTime]) => [orderId, await inTime] as const);
      return new Map(await Promise.all(results));
    },
  };
}

/** Whether the order is going to be CANCELLED: else it has ended before. */
async function cancel(orderUrl: string): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const response = await fetch(orderUrl, { method: "DELETE" });
    const text = await response.text();
    if (response.ok) return true;
    if (response.status === 409) return false;
    if (response.status < 500) throw new Error(`DELETE was answered ${response.status}: ${text}`);
  }
  throw new Error(`DELETE ${orderUrl} was not answered in ${MAX_TRIES} tries`);
}
