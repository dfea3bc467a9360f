import { decide, type Decision } from "./decision";
import type { Options } from "./options";
import { type End, isEnd, isHeldBy, NOTHING_KNOWN, type Order, type Worker } from "./state";
import { acknowledge, giveBack, goOn, normal, type Turn } from "./turn";

/** From the item as it is now: read, or come back with a refused write. */
export function decideNext(turn: Turn): void {
  const { order } = turn.state;
  const decision = decide(order, turn.options);
  if (decision === "wait") {
    normal(turn, "decides to wait: hides the message", giveBack(turn));
    normal(turn, "decides to wait for longer: acknowledges", acknowledge(turn));
  } else normal(turn, `decides: ${decision}`, goOn(turn, stepFor(decision, turn)));
}

/** What the decision saw is what its write is conditional on. */
function stepFor(decision: Exclude<Decision, "wait">, turn: Turn): Partial<Worker> {
  const { state, options } = turn;
  const { order } = state;
  const { redrives, attempt, status } = order;
  const seen = { ...NOTHING_KNOWN, redrives, attempt };
  switch (decision) {
    case "claim":
      return { ...seen, at: "claim", kept: seenBeside(order, options) };
    case "undo": {
      const at = options.bug === "undo without a claim" ? "undo" : "claim for undo";
      return { ...seen, at, end: endOf(order) };
    }
    case "end without undo":
      return { ...seen, at: "end without undo", end: endOf(order) };
    case "notify":
      return isEnd(status) ? notifyOf(turn, status, redrives) : { at: "delete" };
    case "nothing":
      return { ...NOTHING_KNOWN, at: "delete" };
  }
}

/** Two planted bugs use what was seen, where the item that the claim returns has to be used. */
function seenBeside({ kept, tries }: Order, { bug }: Options): number {
  if (bug === "claim goes on from the entries that it saw") return kept;
  return bug === "claim counts from the tries that it saw" ? tries : 0;
}

/** How an order ends that is not completed. */
export function endOf({ isCancelRequested, ending }: Order): End {
  if (isCancelRequested) return "CANCELLED";
  return ending === "none" ? "FAILED" : ending;
}

export function notifyOf(turn: Turn, end: End, redrives: number): Partial<Worker> {
  const at = turn.options.bug === "stamp before publish" ? "stamp" : "publish";
  return { ...NOTHING_KNOWN, at, end, redrives };
}

/** Another has the order, or ended it; or the write was made, and its repetition finds the end. */
export function refused(turn: Turn): void {
  const { status, redrives } = turn.state.order;
  if (isEnd(status)) {
    const then = goOn(turn, notifyOf(turn, status, redrives));
    normal(turn, "refused: the order has ended", then);
  } else normal(turn, "refused: the lease is lost", giveBack(turn));
}

/** The order is still this worker's: what refused its write is that the order is to be cancelled. */
export function isCancelledInBetween({ state, me }: Turn): boolean {
  return isHeldBy(state.order, me) && state.order.isCancelRequested;
}

export const TURN_TO_CANCELLED = { at: "turn", end: "CANCELLED" } as const;
