import type { Telemetry } from "./telemetry";

/** An entry of the index of open orders; times in milliseconds since 1970. */
export interface DueOrder {
  orderId: string;
  shelf: string;
  checkAt: number;
  /**
   * The `checkAt` at which nobody had moved it on, or some time after a long wait is over; undefined until
   * the reconciler has looked at it.
   */
  overdueSince: number | undefined;
}

export interface ReconcileOrdersDeps extends Telemetry {
  /** Open orders whose `checkAt` is over, oldest first; of very many not all. */
  dueOrders(now: Date): Promise<DueOrder[]>;
  /** Sets `checkAt`, if the order is open and has the one that was seen; `false` if not. */
  postponeCheck(due: DueOrder, checkAt: number): Promise<boolean>;
  /** Sends each a message, ten at most; gives the ids of those that could not be sent. */
  enqueueOrders(orderIds: string[]): Promise<string[]>;
  /** Messages that wait on the queue. */
  waitingMessages(): Promise<number>;
  /** Workers at once. */
  maximumConcurrency: number;
  nextCheckSeconds: number;
  now(): Date;
}

const BATCH = 10;
/** It tops the queue up: without a bound, a backlog would be answered with more backlog. */
const WAITING_PER_WORKER = 300;
const MAX_MESSAGES = 3000;
const MIN_MESSAGES = 10;
const MAX_RUN_MILLISECONDS = 45_000;

/** Each minute: every open order that nobody has looked at in time gets a message again. */
export function makeReconcileOrders(deps: ReconcileOrdersDeps) {
  return async (): Promise<void> => {
    const startedAt = deps.now();
    const [due, room] = await Promise.all([deps.dueOrders(startedAt), roomOnQueue(deps)]);
    const report = overdueIn(due, startedAt);
    let sent = 0;
    try {
      for (let i = 0; i < Math.min(due.length, room); i += BATCH) {
        if (deps.now().getTime() - startedAt.getTime() > MAX_RUN_MILLISECONDS) break;
        sent += await sendAgain(deps, due.slice(i, Math.min(i + BATCH, room)));
      }
    } finally {
      deps.measure("OverdueOrders", report.overdue);
      deps.measure("OldestOverdueOrderAge", report.oldestSeconds);
      deps.measure("MessagesSentAgain", sent);
      deps.log.info("orders reconciled", { ...report, sent });
    }
  };
}

/** Postpones first and then sends: a run that breaks off in between is made good by a later one. */
async function sendAgain(deps: ReconcileOrdersDeps, batch: DueOrder[]): Promise<number> {
  const orderIds: string[] = [];
  let failure: unknown;
  await Promise.all(
    batch.map(async (due) => {
      try {
        const checkAt = deps.now().getTime() + deps.nextCheckSeconds * 1000;
        if (await deps.postponeCheck(due, checkAt)) orderIds.push(due.orderId);
      } catch (error) {
        failure = error;
        deps.log.error("order could not be postponed", error, { orderId: due.orderId });
      }
    }),
  );
  if (orderIds.length === 0) {
    if (failure !== undefined) throw new Error("no order of a batch could be postponed");
    return 0;
  }
  const failed = await deps.enqueueOrders(orderIds);
  if (failed.length > 0) throw new Error(`${failed.length} messages could not be sent`);
  return orderIds.length;
}

async function roomOnQueue(deps: ReconcileOrdersDeps): Promise<number> {
  try {
    const room = WAITING_PER_WORKER * deps.maximumConcurrency - (await deps.waitingMessages());
    return Math.max(MIN_MESSAGES, Math.min(MAX_MESSAGES, room));
  } catch (error) {
    deps.log.error("the queue's length could not be read", error, {});
    return MIN_MESSAGES;
  }
}

/** An order whose wait has just ended is due, and not overdue. */
function overdueIn(due: DueOrder[], now: Date): { overdue: number; oldestSeconds: number } {
  const since = due
    .map(({ checkAt, overdueSince }) => overdueSince ?? checkAt)
    .filter((time) => time <= now.getTime());
  const oldest = since.reduce((a, b) => Math.min(a, b), now.getTime());
  const oldestSeconds = Math.round((now.getTime() - oldest) / 1000);
  return { overdue: since.length, oldestSeconds };
}
