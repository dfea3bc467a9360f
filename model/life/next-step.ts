import { decide, type Decision } from "./decision";
import { isEnd, type Worker } from "./state";
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
  const { redrives, attempt, status } = turn.state.order;
  const seen = { redrives, attempt };
  switch (decision) {
    case "claim":
      return { at: "claim", ...seen };
    case "give up":
      return {
        at: turn.options.bug === "undo without a claim" ? "undo" : "claim to give up",
        ...seen,
      };
    case "fail":
      return { at: "fail without undo", ...seen };
    case "notify":
      return isEnd(status) ? notifyOf(turn, status, redrives) : { at: "delete" };
    case "nothing":
      return { at: "delete" };
  }
}

export function notifyOf(turn: Turn, end: Worker["end"], redrives: number): Partial<Worker> {
  const at = turn.options.bug === "stamp before publish" ? "stamp" : "publish";
  return { at, end, redrives, attempt: 0, isZombie: false };
}

/** Another has the order, or ended it; or the write was made, and its repetition finds the end. */
export function refused(turn: Turn): void {
  const { status, redrives } = turn.state.order;
  if (isEnd(status)) {
    const then = goOn(turn, notifyOf(turn, status, redrives));
    normal(turn, "refused: the order has ended", then);
  } else normal(turn, "refused: the lease is lost", giveBack(turn));
}
