import { orderIdFor } from "../handlers/idempotency";
import { chaos } from "../laptop/endpoint/fault-injection";
import { makeLedger } from "./ledger";
import { shortTimes } from "./short-times";
import { startWatchedStack, UNSETTLED } from "./stack";

export interface LoadOptions {
  orders: number;
  connections: number;
  /** Probability with which a call to AWS goes wrong. */
  rate: number;
  seed: number;
}

export interface LoadResult {
  accepted: number;
  completed: number;
  failed: number;
  /** Accepted, and against a promise: not ended, not notified, or notified of what was not. */
  lost: number;
  /** Created more than once. */
  doubled: number;
  /** Why orders count as lost, or messages as left. */
  violations: string[];
}

/**
 * At 5 % of faults about one claim in fourteen leads to nothing: its own response is lost, its process dies,
 * or its completion fails. That all eight of an order do, which would make it FAILED, is not to be expected.
 */
const MAX_ATTEMPTS = 8;
const PROCESSING = {
  timeoutSeconds: 2,
  batchSize: 1,
  maximumConcurrency: 8,
  maxAttempts: MAX_ATTEMPTS,
};
/** How many orders the laptop is sure to get done in a second, with what goes wrong. */
const ORDERS_A_SECOND = 40;
const MAX_TRIES = 50;
const TIMEOUT_MILLISECONDS = 600_000;

/** Posts orders from many connections while calls to AWS go wrong, and looks what became of each. */
export async function runLoad(
  { orders, connections, rate, seed }: LoadOptions,
  progress: (accepted: number) => void,
): Promise<LoadResult> {
  const faults = chaos(rate, seed);
  const ledger = makeLedger(MAX_ATTEMPTS);
  // An order waits as long as the backlog lasts: looked at sooner, each would get messages that are no use.
  const checkSeconds = 10 + orders / ORDERS_A_SECOND;
  const override = shortTimes({
    backoffSeconds: 0.5,
    firstCheckSeconds: checkSeconds,
    nextCheckSeconds: checkSeconds,
    reconcileSeconds: 2,
  });
  const options = { faults, ledger, processing: PROCESSING, override };
  const stack = await startWatchedStack(options);
  try {
    const orderIds: string[] = [];
    let next = 0;
    const post = async () => {
      while (next < orders) {
        const customerId = `customer-${(next += 1)}`;
        const key = `key-of-${customerId}-0000`;
        const order = { customerId, items: [{ quantity: 3, unitPrice: 0.1 }] };
        await stack.postUntilAccepted(order, key, MAX_TRIES);
        orderIds.push(orderIdFor(customerId, key));
        progress(orderIds.length);
      }
    };
    await Promise.all(Array.from({ length: connections }, post));
    const isSettled = await stack.settled(TIMEOUT_MILLISECONDS);

    const ends = orderIds.flatMap((orderId) => ledger.last(orderId)?.status ?? []);
    const violations = orderIds.map((orderId) => ledger.violations(orderId));
    return {
      accepted: orderIds.length,
      completed: ends.filter((status) => status === "COMPLETED").length,
      failed: ends.filter((status) => status === "FAILED").length,
      lost: violations.filter((each) => each.length > 0).length,
      doubled: orderIds.filter((orderId) => ledger.timesCreated(orderId) > 1).length,
      violations: [...new Set(violations.flat()), ...(isSettled ? [] : [UNSETTLED])],
    };
  } finally {
    await stack.stop();
  }
}

export function loadSummary({ accepted, completed, failed, lost, doubled }: LoadResult): string {
  return `accepted ${accepted}, completed ${completed}, failed ${failed}, lost ${lost}, doubled ${doubled}`;
}
