import { overriding, queueWith, scheduleAt, timeoutOf, variablesOf } from "../harness/overrides";

export interface ShortTimes {
  backoffSeconds: number;
  /** Longer than a lease: the first claim needs an order that is looked at only after it. */
  firstCheckSeconds: number;
  nextCheckSeconds: number;
  /** Between two runs of the reconciler. */
  reconcileSeconds: number;
  /** Of all functions but process-order. */
  timeoutSeconds?: number;
}

/** A sixth of it is for each try of a call. */
const TIMEOUT_SECONDS = 3;
/** After which a message is delivered again whose worker was killed. */
const VISIBILITY_SECONDS = 4;

/** The times of an order's life, shortened on what is registered: the archives stay as they are. */
export function shortTimes(times: ShortTimes) {
  const first = { FIRST_CHECK_SECONDS: times.firstCheckSeconds };
  const next = { NEXT_CHECK_SECONDS: times.nextCheckSeconds };
  return overriding(
    ...["create-order", "get-order", "cancel-order", "reconcile-orders"].map((name) =>
      timeoutOf(name, times.timeoutSeconds ?? TIMEOUT_SECONDS),
    ),
    variablesOf("create-order", first),
    variablesOf("cancel-order", first),
    variablesOf("process-order", { ...first, ...next, BACKOFF_SECONDS: times.backoffSeconds }),
    variablesOf("reconcile-orders", next),
    scheduleAt(times.reconcileSeconds),
    queueWith(VISIBILITY_SECONDS, undefined),
  );
}
