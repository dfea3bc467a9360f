import { claimViolation, failViolation, limitOfUndo, undoViolation } from "./invariants";
import { decideNext, notifyOf, refused } from "./next-step";
import { outcomes } from "./options";
import * as ordersTable from "./orders-table";
import type { State } from "./state";
import { call, giveBack, goOn, normal, type Turn } from "./turn";

// When the attempts are used up: claim like an attempt, undo instead of the step, then FAILED.

export function giveUp(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.claimToGiveUp(state.order, me, options);
  if (!order) {
    decideNext(turn);
    return;
  }
  const { history } = state;
  const undoClaims = Math.min(history.undoClaims + 1, 7);
  const change = { order, history: history.isRestored ? history : { ...history, undoClaims } };
  const { redrives, attempt } = order;
  const at = options.bug === "undo after FAILED" ? "fail" : "undo";
  call(turn, "claim to give up", change, { at, redrives, attempt }, claimViolation(turn));
}

export function abandon(turn: Turn): void {
  const { state, me, options } = turn;
  const violation = undoViolation(turn) ?? limitOfUndo(turn);
  const isCounted = !state.history.isRestored && me.redrives === state.order.redrives;
  const count = (hasUndone: boolean): State["history"] => ({
    ...state.history,
    undoRuns: state.history.undoRuns + 1,
    hasUndone: state.history.hasUndone || hasUndone,
  });
  const after = (hasUndone: boolean) =>
    isCounted ? { ...turn, state: { ...state, history: count(hasUndone) } } : turn;
  const { returns, throws, kills } = outcomes(options.undo, options.faults);
  const next = goOn(after(true), afterUndo(turn));
  if (returns) normal(turn, "undo returns", next, violation);
  if (throws) {
    const at = options.bug === "undo that threw counts as returned" ? "fail" : "release";
    turn.emit(throws, "undo throws", goOn(after(false), { at }), violation);
  }
  if (kills) normal(turn, "undo kills its process", giveBack(after(false)), violation);
}

function afterUndo(turn: Turn) {
  if (turn.options.bug !== "undo after FAILED") return { at: "fail" as const };
  return notifyOf(turn, "FAILED", turn.me.redrives);
}

export function failAfterUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.fail(state.order, me, options);
  if (!order) {
    refused(turn);
    return;
  }
  const then =
    options.bug === "undo after FAILED"
      ? { at: "undo" as const }
      : notifyOf(turn, "FAILED", state.order.redrives);
  call(turn, "FAILED, undone", { order }, then, failViolation(turn));
}

export function failWithoutUndo(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.failWithoutUndo(state.order, me, options);
  if (!order) {
    decideNext(turn);
    return;
  }
  const then = notifyOf(turn, "FAILED", state.order.redrives);
  call(turn, "FAILED, the undo failed", { order }, then, failViolation(turn, "without undo"));
}
