import { abandon, failAfterUndo, failWithoutUndo, giveUp } from "./giving-up";
import { attemptViolation, claimViolation, completeViolation, stepViolation } from "./invariants";
import { decideNext, notifyOf, refused } from "./next-step";
import { outcomes } from "./options";
import * as ordersTable from "./orders-table";
import { isContradictory, published, type State, type Worker } from "./state";
import { acknowledge, call, fault, giveBack, goOn, normal, type Turn } from "./turn";

/** process-order, of which the model has one message an invocation. */
export function work(turn: Turn): void {
  fault(turn, DIES[turn.me.at], giveBack(turn));
  STEPS[turn.me.at](turn);
}

const STEPS: Readonly<Record<Worker["at"], (turn: Turn) => void>> = {
  decide: receive,
  claim,
  step: runStep,
  complete,
  release,
  "claim to give up": giveUp,
  undo: abandon,
  fail: failAfterUndo,
  "fail without undo": failWithoutUndo,
  publish,
  stamp,
  delete: remove,
  hide,
};

const DIES = Object.fromEntries(
  Object.keys(STEPS).map((step) => [step, `worker dies or fails before: ${step}`]),
) as Record<Worker["at"], string>;

function receive(turn: Turn): void {
  const { state, me, options } = turn;
  const order = me.receives === 1 ? ordersTable.firstClaim(state.order, options) : undefined;
  if (order) claimed(turn, order, "first claim");
  else decideNext(turn);
}

function claim(turn: Turn): void {
  const order = ordersTable.claim(turn.state.order, turn.me, turn.options);
  if (order) claimed(turn, order, "claim");
  else decideNext(turn);
}

function claimed(turn: Turn, order: State["order"], label: string): void {
  const { history } = turn.state;
  const change = {
    order,
    history: history.isRestored ? history : { ...history, stepClaims: history.stepClaims + 1 },
  };
  const { redrives, attempt } = order;
  call(turn, label, change, { at: "step", redrives, attempt }, claimViolation(turn));
}

function runStep(turn: Turn): void {
  const { state, me, options } = turn;
  const history = withStepRun(state.history, me.redrives);
  const after = { ...turn, state: { ...state, history } };
  const violation = stepViolation(turn) ?? attemptViolation(turn);
  const { returns, throws, kills } = outcomes(options.step, options.faults);
  if (returns) {
    const kept = options.limits && me.redrives === state.order.redrives;
    const returned = kept
      ? { ...after, state: { ...state, history: { ...history, hasReturned: true } } }
      : after;
    const completed = goOn(returned, { at: "complete", end: "COMPLETED" });
    normal(turn, "step returns totals", completed, violation);
    const rejected = goOn(returned, { at: "complete", end: "REJECTED" });
    if (options.rejects) normal(turn, "step rejects the order", rejected, violation);
  }
  if (throws) turn.emit(throws, "step throws", goOn(after, { at: "release" }), violation);
  if (kills) normal(turn, "step kills its process", giveBack(after), violation);
}

function withStepRun(history: State["history"], redrives: number): State["history"] {
  if (history.isRestored) return history;
  const [first, second] = history.stepRuns;
  return {
    ...history,
    stepRuns: redrives === 0 ? [Math.min(first + 1, 7), second] : [first, Math.min(second + 1, 7)],
  };
}

function complete(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.complete(state.order, me, me.end, options);
  if (order) {
    const then = notifyOf(turn, me.end, state.order.redrives);
    call(turn, COMPLETE[me.end], { order }, then, completeViolation(turn));
  } else refused(turn);
}

const COMPLETE = { COMPLETED: "complete", REJECTED: "reject", FAILED: "" };

function release(turn: Turn): void {
  const order = ordersTable.release(turn.state.order, turn.me, turn.options);
  if (order) call(turn, "release", { order }, { at: "hide" });
  else normal(turn, "release is refused", giveBack(turn));
}

function hide(turn: Turn): void {
  normal(turn, "the message is hidden for the backoff", giveBack(turn));
  normal(turn, "the backoff is long: acknowledges", acknowledge(turn));
}

function publish(turn: Turn): void {
  const { state, me, options } = turn;
  const publications = state.history.publications | published(me.redrives, me.end);
  const history = { ...state.history, publications };
  const violation = isContradictory(publications)
    ? "I4 two ends of one life are published"
    : undefined;
  const at = options.bug === "stamp before publish" ? "delete" : "stamp";
  call(turn, PUBLISH[me.end], { history }, { at }, violation);
}

const PUBLISH = {
  COMPLETED: "publish COMPLETED",
  REJECTED: "publish REJECTED",
  FAILED: "publish FAILED",
};

function stamp(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.stamp(state.order, me.end, me.redrives, options);
  const at = options.bug === "stamp before publish" ? "publish" : "delete";
  if (order) call(turn, "stamp notifiedAt", { order }, { at });
  else normal(turn, "stamp is refused", goOn(turn, { at: "delete" }));
}

function remove(turn: Turn): void {
  normal(turn, "the message is deleted", acknowledge(turn));
}
