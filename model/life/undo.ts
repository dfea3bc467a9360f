import { endingViolation, limitOfUndo, undoClaimViolation, undoViolation } from "./invariants";
import { decideNext, endOf, isCancelledInBetween, notifyOf, refused } from "./next-step";
import { outcomes } from "./options";
import * as ordersTable from "./orders-table";
import { isHeldBy, type Order } from "./state";
import { call, counted, giveBack, goOn, normal, type Turn, withHistory } from "./turn";

// Whatever end but COMPLETED: claim or turn to the undo, run abandonOrder, then the end.

export function claimForUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const ending = me.end === "COMPLETED" ? "FAILED" : me.end;
  const order = ordersTable.claimForUndo(state.order, me, ending, options);
  if (order) begun(turn, order, "claim for the undo");
  else decideNext(turn);
}

/** By the worker that has the order. */
export function turnToUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const ending = me.end === "REJECTED" ? "REJECTED" : "CANCELLED";
  const order = ordersTable.turnToUndo(state.order, me, ending, options);
  if (order) begun(turn, order, `turn to the undo: ${ending}`);
  else refused(turn);
}

function begun(turn: Turn, order: Order, label: string): void {
  const undoClaims = Math.min(turn.state.history.undoClaims + 1, 7);
  const history = counted(turn, { undoClaims, hasBegunUndo: true });
  const { redrives, attempt, keptOfUndo: kept } = order;
  const at = turn.options.bug === "undo after FAILED" ? "end" : "undo";
  const then = { at, redrives, attempt, kept, end: endOf(order), isZombie: false } as const;
  call(turn, label, { order, history }, then, undoClaimViolation(turn));
}

export function abandon(turn: Turn): void {
  const { state, me, options } = turn;
  const isStep = me.kept < options.undoSteps;
  const name = isStep ? `undo step ${me.kept + 1}` : "undo";
  const isWhole = isStep || state.history.keptOfUndo === options.undoSteps;
  const partial = isWhole ? undefined : "I11 the undo returns, and not every step of it was kept";
  const violation = undoViolation(turn) ?? limitOfUndo(turn);
  const after = (hasUndone: boolean) =>
    withHistory(turn, { hasBegunUndo: true, ...(hasUndone ? { hasUndone } : {}) });
  const { returns, throws, kills } = outcomes(options.undo, options.faults);
  if (returns) {
    const next = goOn(after(!isStep), isStep ? { at: "keep of undo" } : afterUndo(turn));
    normal(turn, `${name} returns`, next, violation ?? (me.isZombie ? undefined : partial));
  }
  if (throws) {
    const at = options.bug === "undo that threw counts as returned" ? "end" : "release";
    turn.emit(throws, `${name} throws`, goOn(after(false), { at }), violation);
  }
  if (kills) normal(turn, `${name} kills its process`, giveBack(after(false)), violation);
}

function afterUndo(turn: Turn) {
  if (turn.options.bug !== "undo after FAILED") return { at: "end" as const };
  return notifyOf(turn, "FAILED", turn.me.redrives);
}

export function keepOfUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.keepOfUndo(state.order, me, me.kept, options);
  const then = { at: "undo", kept: me.kept + 1 } as const;
  if (order) {
    const keptOfUndo = state.history.keptOfUndo + 1;
    const history = counted(turn, { keptOfUndo, undoClaims: 0 });
    call(turn, "keep of the undo", { order, history }, then);
  } else if (isHeldBy(state.order, me) && state.order.keptOfUndo === me.kept + 1) {
    normal(turn, "finds what it kept", goOn(turn, then));
  } else refused(turn);
}

export function endAfterUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.endAfterUndo(state.order, me, me.end, options);
  if (order) {
    const then =
      options.bug === "undo after FAILED"
        ? { at: "undo" as const }
        : notifyOf(turn, me.end, state.order.redrives);
    call(turn, `${me.end}, undone`, { order }, then, endingViolation(turn));
  } else if (isCancelledInBetween(turn)) {
    normal(turn, "refused: it is to be cancelled", goOn(turn, { end: "CANCELLED" }));
  } else refused(turn);
}

export function endWithoutUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.endWithoutUndo(state.order, me, me.end, options);
  if (!order) {
    decideNext(turn);
    return;
  }
  const then = notifyOf(turn, me.end, state.order.redrives);
  call(turn, `${me.end}, the undo failed`, { order }, then, endingViolation(turn, "without undo"));
}
