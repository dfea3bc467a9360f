import { keptAtTheEnd } from "./options";
import { sameToken } from "./state";
import type { Turn } from "./turn";

// The promises about what a worker records of its run.

/** Of COMPLETED. */
export function completeViolation(turn: Turn): string | undefined {
  const { history } = turn.state;
  const { bug } = turn.options;
  if (turn.state.order.redrives !== turn.me.redrives) return STALE_LIFE;
  if (history.hasBegunUndo) return "I11 COMPLETED after the undo began";
  if (history.kept !== keptAtTheEnd(turn.options)) {
    return "I10 COMPLETED, and not every step was kept in its life";
  }
  return bug === "claim counts at release" ? undefined : tokenViolation(turn);
}

/** Of an entry of fulfilOrder that is kept. */
export function keepViolation(turn: Turn): string | undefined {
  const { state, me } = turn;
  if (state.order.redrives !== me.redrives) return STALE_LIFE;
  return state.order.kept > me.kept ? "I10 a step is kept twice" : tokenViolation(turn);
}

const STALE_LIFE = "I3 a result of an earlier life is recorded";

function tokenViolation({ state, me }: Turn): string | undefined {
  return sameToken(state.order, me) ? undefined : "I3 a result of an earlier attempt is recorded";
}
