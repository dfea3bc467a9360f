import { type Kept, keptAs } from "./kept";
import {
  backoffPause,
  checkAtEnd,
  type End,
  type Ending,
  isToBeCancelled,
  type Lease,
  type LifePolicy,
  type Pause,
  type StoredOrder,
  waitPause,
  type Written,
} from "./life";
import { isEnd, type Order } from "./order";
import type { Run, WorkTable } from "./run-work";
import type { Telemetry } from "./telemetry";
import type { Fulfilment, KeptStep, UndoWork, Work } from "./work";

/** Each write is conditional on what was seen: status, `redrives`, `attempt`, a lease that is over. */
export interface ClaimedOrderDeps extends Telemetry {
  /** Claims an order for its undo; `isMine`: from the attempt that this worker has claimed. */
  beginUndo(
    seen: StoredOrder,
    ending: Ending,
    lease: Lease,
    isMine: boolean,
    now: Date,
  ): Promise<Written>;
  /** Keeps a step's result, and begins to count its tries anew. */
  keep(claimed: StoredOrder, kept: Kept, now: Date): Promise<Written>;
  /** Keeps a wait, if it is not kept, and leaves the order alone until then. */
  pauseOrder(
    claimed: StoredOrder,
    wait: Kept & { kind: "wait" },
    pause: Pause,
    now: Date,
  ): Promise<Written>;
  releaseOrder(claimed: StoredOrder, pause: Pause, failure: Failure, now: Date): Promise<Written>;
  /** Refused where its cancellation was requested, but for that end. */
  endOrder(
    claimed: StoredOrder,
    end: End,
    checkAt: number | undefined,
    now: Date,
  ): Promise<Written>;
  fulfilOrder(order: Order, work: Work): Promise<Fulfilment>;
  abandonOrder(order: Order, kept: KeptStep[], work: UndoWork): Promise<void>;
  policy: LifePolicy;
  now(): Date;
  /** From 0 to 1. */
  random(): number;
}

/** What threw, for the order's history. */
export interface Failure {
  step?: string;
  /** The error's name. */
  why: string;
}

/** What a run writes to the order, as long as it is under this claim. */
export function workTable(deps: ClaimedOrderDeps, claimed: StoredOrder): WorkTable {
  return {
    keep: (seen: StoredOrder, kept: Kept) =>
      writeAsMine(
        seen,
        (each) => deps.keep(each, kept, deps.now()),
        (stored) => keptAs(stored.kept, kept.name) !== undefined,
      ),
    wait: (seen: StoredOrder, wait: Kept & { kind: "wait" }) =>
      writeAsMine(
        seen,
        (each) => {
          const now = deps.now();
          const pause = waitPause(each, wait.until, now.getTime(), deps.policy);
          return deps.pauseOrder(each, wait, pause, now);
        },
        (stored) => stored.leaseUntil === wait.until || isToBeCancelled(stored),
      ),
    hasTime: () => deps.now().getTime() < claimed.workUntil - reserveOf(deps.policy),
    now: () => deps.now(),
  };
}

/** A step that is killed half-way costs a lease, and is run twice: none begins at the end of a worker's time. */
function reserveOf({ timeoutSeconds }: LifePolicy): number {
  return (timeoutSeconds * 1000) / 4;
}

/**
 * A write under the token of a claim. Refused all the same, it was either made before (its response was
 * lost, and the SDK repeated it), or a request for cancellation came in between. Then it is made anew from
 * the order as it is now, unless `isSettled`.
 */
export async function writeAsMine(
  claimed: StoredOrder,
  write: (seen: StoredOrder) => Promise<Written>,
  isSettled: (stored: StoredOrder) => boolean = () => false,
): Promise<Written> {
  let seen = claimed;
  for (let writes = 0; ; writes += 1) {
    const { ok, stored } = await write(seen);
    if (ok || !stored || !isMine(claimed, stored) || writes === 2) return { ok, stored };
    if (isSettled(stored)) return { ok: true, stored };
    seen = stored;
  }
}

/** Whether the order is still under the claim of this worker. */
export function isMine(claimed: StoredOrder, { order, redrives, attempt }: StoredOrder): boolean {
  return (
    order.status === "PROCESSING" && redrives === claimed.redrives && attempt === claimed.attempt
  );
}

/** A process that was frozen since its claim must not begin what another may have begun, or undone. */
export function mustHoldLease(deps: ClaimedOrderDeps, { workUntil }: StoredOrder): void {
  if (deps.now().getTime() >= workUntil) {
    throw new Error("the worker's time was over before the work began");
  }
}

export async function release(
  deps: ClaimedOrderDeps,
  { stored: claimed, error, step }: Run<unknown> & { how: "threw" },
  what: string,
): Promise<StoredOrder | undefined> {
  const { order, attempt } = claimed;
  deps.measure("AttemptsFailed");
  deps.log.error(what, error, { orderId: order.orderId, attempt, step });
  const failure = { ...(step !== undefined && { step }), why: errorName(error) };
  const released = await writeAsMine(
    claimed,
    (seen) => {
      const now = deps.now();
      const pause = backoffPause(seen, now.getTime(), deps.policy, deps.random());
      return deps.releaseOrder(seen, pause, failure, now);
    },
    (stored) => stored.workUntil === 0 || (!stored.ending && isToBeCancelled(stored)),
  );
  return released.stored;
}

/** A name only: a message may have personal data in it. */
function errorName(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return /^\w{1,50}$/.test(name) ? name : "Error";
}

export async function end(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
  how: End,
): Promise<Written> {
  const now = deps.now();
  const checkAt = checkAtEnd(claimed, now.getTime(), deps.policy);
  const written = await deps.endOrder(claimed, how, checkAt, now);
  // Refused, and ended under this claim: it is this end, whose response was lost.
  const { order, redrives, attempt } = written.stored ?? claimed;
  const isOurs =
    isEnd(order.status) && redrives === claimed.redrives && attempt === claimed.attempt;
  if (written.ok || isOurs) measureEnd(deps, claimed, how, now);
  return written;
}

const ENDS = {
  COMPLETED: "OrdersCompleted",
  REJECTED: "OrdersRejected",
  FAILED: "OrdersFailed",
  CANCELLED: "OrdersCancelled",
} as const;

/** The time of a first life only: after a redrive it would be an operator's, not ours. */
function measureEnd({ measure }: Telemetry, { order, redrives }: StoredOrder, how: End, now: Date) {
  measure(ENDS[how.status]);
  if ("undoFailed" in how) measure("UndosFailed");
  if (redrives === 0) measure("TimeToEnd", millisecondsSince(order.createdAt, now));
}

export function millisecondsSince(time: string, now: Date): number {
  return Math.max(0, now.getTime() - Date.parse(time));
}
