import { MAX_RECEIVE_COUNT, VISIBILITY_FACTOR } from "../../../infra/life-times";
import type { Finding } from "../findings";
import type { FunctionSeen, QueueSeen, Wanted } from "../observations";

/** What is deployed against what this checkout's config wants. */
export function checkQueueDrift(queue: QueueSeen, { processing }: Wanted): Finding[] {
  const visibility = VISIBILITY_FACTOR * processing.timeoutSeconds;
  return [
    ...drift("the orders queue's visibility timeout", queue.visibilityTimeoutSeconds, visibility),
    ...drift("the orders queue's maximum receives", queue.maxReceiveCount, MAX_RECEIVE_COUNT),
  ];
}

export function checkProcessOrderDrift(seen: FunctionSeen, { processing }: Wanted): Finding[] {
  const attempts = seen.environment["MAX_ATTEMPTS"];
  return [
    ...drift("process-order's timeout", seen.timeoutSeconds, processing.timeoutSeconds),
    ...drift("process-order's MAX_ATTEMPTS", attempts, processing.maxAttempts),
  ];
}

export function checkReconcilerDrift({ environment }: FunctionSeen, wanted: Wanted): Finding[] {
  const { maximumConcurrency } = wanted.processing;
  const seen = environment["MAXIMUM_CONCURRENCY"];
  return drift("reconcile-orders' MAXIMUM_CONCURRENCY", seen, maximumConcurrency);
}

function drift(what: string, seen: string | number | undefined, wanted: number): Finding[] {
  if (String(seen) === String(wanted)) return [];
  const text = `${what} is ${seen ?? "not set"}, this checkout's config wants ${wanted}`;
  return [
    {
      level: "warning",
      text,
      todo: "pulumi preview --refresh shows what differs, and changes nothing",
    },
  ];
}
