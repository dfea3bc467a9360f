import { orderIdFor } from "../handlers/order";
import { chaos } from "../local/faults";
import { postUntilAccepted, startWatchedStack } from "./stack";

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
  /** Accepted, and against a promise: not ended, not told, or told of what was not. */
  lost: number;
  /** Made more than once. */
  doubled: number;
  /** Why orders count as lost. */
  complaints: string[];
}

// Short, so that what was killed is soon delivered again; enough deliveries to get through.
const PROCESSING = { timeoutSeconds: 2, batchSize: 10, maximumConcurrency: 8, maxReceiveCount: 10 };
const MAX_TRIES = 50;
const PATIENCE_MILLISECONDS = 600_000;

/** Posts orders from many connections while calls to AWS go wrong, and looks what became of each. */
export async function runLoad(
  { orders, connections, rate, seed }: LoadOptions,
  progress: (accepted: number) => void,
): Promise<LoadResult> {
  const stack = await startWatchedStack({ faults: chaos(rate, seed), processing: PROCESSING });
  try {
    const orderIds: string[] = [];
    let next = 0;
    const post = async () => {
      while (next < orders) {
        const customerId = `customer-${(next += 1)}`;
        const key = `key-of-${customerId}-0000`;
        const order = { customerId, items: [{ quantity: 3, unitPrice: 0.1 }] };
        await postUntilAccepted(stack.ordersUrl, key, order, MAX_TRIES);
        orderIds.push(orderIdFor(customerId, key));
        progress(orderIds.length);
      }
    };
    await Promise.all(Array.from({ length: connections }, post));
    await stack.settled(PATIENCE_MILLISECONDS);

    const ended = (status: string) =>
      orderIds.filter((orderId) => stack.ledger.endOf(orderId) === status).length;
    const complaints = orderIds.map((orderId) => stack.ledger.complaints(orderId));
    return {
      accepted: orderIds.length,
      completed: ended("COMPLETED"),
      failed: ended("FAILED"),
      lost: complaints.filter((each) => each.length > 0).length,
      doubled: orderIds.filter((orderId) => stack.ledger.timesMade(orderId) > 1).length,
      complaints: [...new Set(complaints.flat())],
    };
  } finally {
    await stack.stop();
  }
}

export function loadSummary({ accepted, completed, failed, lost, doubled }: LoadResult): string {
  return `accepted ${accepted}, completed ${completed}, failed ${failed}, lost ${lost}, doubled ${doubled}`;
}
