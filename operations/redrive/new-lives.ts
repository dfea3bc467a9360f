import type { Written } from "../../handlers/life";
import { orders, refusalOf } from "./sentences";

export interface NewLifeDeps {
  /**
   * A new life for the order, if it is FAILED: RECEIVED and open, to be looked at now. `onlyIfUndone`: not
   * if its undo has failed.
   */
  redriveOrder(orderId: string, now: Date, onlyIfUndone: boolean): Promise<Written>;
  /** Sends each a message, ten at most; gives the ids of those that could not be sent. */
  enqueueOrders(orderIds: string[]): Promise<string[]>;
  isStopped(): boolean;
  say(line: string): void;
  now(): Date;
}

interface Tally {
  redriven: number;
  refused: number;
  /** The write's response was an error: it may have happened or not. */
  unknown: number;
  /** Redriven, and left to the reconciler. */
  unsent: number;
  isQueueDown: boolean;
}

const BATCH = 10;
const PROGRESS_EVERY = 100;

/**
 * Redrives these, ten at a time; stops at the first batch in which a write fails. Always ends with what
 * was done. `refused` others have been refused already. `onlyIfUndone`: what the last life has charged or
 * reserved, and could not give back, would be charged again.
 */
export async function giveNewLives(
  deps: NewLifeDeps,
  orderIds: string[],
  { refused, onlyIfUndone }: { refused: number; onlyIfUndone: boolean },
): Promise<boolean> {
  const tally: Tally = { redriven: 0, refused, unknown: 0, unsent: 0, isQueueDown: false };
  let reached = 0;
  while (reached < orderIds.length && tally.unknown === 0 && !deps.isStopped()) {
    const batch = orderIds.slice(reached, reached + BATCH);
    await redriveBatch(deps, batch, tally, onlyIfUndone);
    reached += batch.length;
    if (reached % PROGRESS_EVERY === 0) deps.say(`${reached} of ${orderIds.length} done`);
  }
  const notReached = orderIds.length - reached;
  deps.say(summaryOf(tally, notReached));
  return tally.refused + tally.unknown + notReached === 0;
}

/** The write first: an order whose message is lost is open, and the reconciler sends another one. */
async function redriveBatch(
  deps: NewLifeDeps,
  batch: string[],
  tally: Tally,
  onlyIfUndone: boolean,
): Promise<void> {
  const writes = batch.map((orderId) => deps.redriveOrder(orderId, deps.now(), onlyIfUndone));
  const outcomes = await Promise.allSettled(writes);
  const redriven = batch.filter((orderId, i) => isRedriven(deps, orderId, outcomes[i], tally));
  tally.redriven += redriven.length;
  if (redriven.length > 0) await send(deps, redriven, tally);
}

function isRedriven(
  deps: NewLifeDeps,
  orderId: string,
  outcome: PromiseSettledResult<Written> | undefined,
  tally: Tally,
): boolean {
  if (outcome?.status !== "fulfilled") {
    tally.unknown += 1;
    deps.say(`${orderId}  could not be written: ${(outcome?.reason as Error).message}`);
    return false;
  }
  const { ok, stored } = outcome.value;
  if (!ok) {
    tally.refused += 1;
    deps.say(`${orderId}  ${refusalOf(stored, deps.now())}`);
  }
  return ok;
}

/** From a queue that is down on, the rest is left to the reconciler: each batch would cost half a minute. */
async function send(deps: NewLifeDeps, redriven: string[], tally: Tally): Promise<void> {
  if (tally.isQueueDown) {
    tally.unsent += redriven.length;
    return;
  }
  try {
    tally.unsent += (await deps.enqueueOrders(redriven)).length;
  } catch (error) {
    tally.unsent += redriven.length;
    tally.isQueueDown = true;
    deps.say(
      `Messages cannot be sent (${(error as Error).message}): the reconciler sends them from here on.`,
    );
  }
}

function summaryOf({ redriven, refused, unknown, unsent }: Tally, notReached: number): string {
  const sentences = [
    `${orders(redriven)} redriven, ${refused} refused, ${notReached} not reached.`,
  ];
  if (unsent > 0) {
    const [have, them] = unsent === 1 ? ["has", "it"] : ["have", "them"];
    sentences.push(
      `${unsent} of the redriven ${have} no message yet: the reconciler sends ${them} within minutes.`,
    );
  }
  if (unknown > 0) {
    sentences.push(`Of ${unknown} it is not known: run it again, no order is redriven twice.`);
  }
  return sentences.join(" ");
}
