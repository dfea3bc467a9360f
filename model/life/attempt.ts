import { attemptViolation, stepViolation } from "./invariants";
import {
  decideNext,
  isCancelledInBetween,
  notifyOf,
  refused,
  TURN_TO_CANCELLED,
} from "./next-step";
import { nextOf, outcomes } from "./options";
import * as ordersTable from "./orders-table";
import { completeViolation, keepViolation } from "./record-invariants";
import { type History, isHeldBy, NOTHING_KNOWN, type Order, type Worker } from "./state";
import { call, counted, giveBack, goOn, normal, type Turn, withHistory } from "./turn";

// A claim for an attempt, and the run of fulfilOrder under it: from the first step that is not kept.

export function firstClaim(turn: Turn): boolean {
  const order = ordersTable.firstClaim(turn.state.order, turn.options);
  if (order) claimed(turn, order, "first claim");
  return order !== undefined;
}

export function claim(turn: Turn): void {
  const order = ordersTable.claim(turn.state.order, turn.me, turn.options);
  const { bug } = turn.options;
  if (!order) decideNext(turn);
  else if (bug === "claim counts from the tries that it saw") {
    claimed(turn, { ...order, tries: turn.me.kept + 1 }, "claim");
  } else claimed(turn, order, "claim");
}

function claimed(turn: Turn, order: Order, label: string): void {
  const claims = Math.min(turn.state.history.claims + 1, 7);
  const { redrives, attempt } = order;
  const goesOnFromSeen =
    turn.me.at === "claim" && turn.options.bug === "claim goes on from the entries that it saw";
  const kept = goesOnFromSeen ? turn.me.kept : order.kept;
  const then = { at: "step", redrives, attempt, kept } as const;
  call(turn, label, { order, history: counted(turn, { claims }) }, then, attemptViolation(turn));
}

export function run(turn: Turn): void {
  const next = nextOf(turn.me.kept, turn.options);
  if (next === "wait") startWait(turn);
  else runStep(turn, next === "step");
}

function runStep(turn: Turn, isKept: boolean): void {
  const { me, options } = turn;
  const name = isKept ? `step ${me.kept + 1}` : "step";
  const violation = stepViolation(turn, isKept);
  const after = withHistory(turn, me.isZombie ? {} : { hasUndone: false });
  const { returns, throws, kills } = outcomes(options.step, options.faults);
  if (returns) {
    const returned = options.limits ? withHistory(after, { hasReturned: true }) : after;
    const then = { at: isKept ? "keep" : "complete" } as const;
    const label = isKept ? `${name} returns` : "step returns totals";
    normal(turn, label, goOn(returned, then), violation);
    if (options.rejects) {
      normal(turn, `${name} rejects the order`, goOn(returned, rejection(turn)), violation);
    }
  }
  if (throws) turn.emit(throws, `${name} throws`, goOn(after, { at: "release" }), violation);
  if (kills) normal(turn, `${name} kills its process`, giveBack(after), violation);
}

function rejection({ options: { bug } }: Turn): Partial<Worker> {
  const end = "REJECTED";
  if (bug === "rejection runs the undo without writing ending first") {
    return { at: "undo", end, kept: 0 };
  }
  return { at: bug === "rejection ends the order without its undo" ? "end" : "turn", end };
}

export function keep(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.keep(state.order, me, me.kept, options);
  if (order) {
    const history = counted(turn, keptOf(state.history));
    const then = afterKeep(order, me, options.bug);
    const isLate = order.isCancelRequested && then.at === "step";
    const started = isLate ? "I12 work starts after the cancellation was requested" : undefined;
    call(turn, "keep", { order, history }, then, keepViolation(turn) ?? started);
  } else if (isKeptBefore(turn)) {
    normal(turn, "finds what it kept", goOn(turn, afterKeep(state.order, me, options.bug)));
  } else refused(turn);
}

/** A repeated write of the same worker: nobody else adds to what is kept under its token. */
function isKeptBefore({ state, me }: Turn): boolean {
  return isHeldBy(state.order, me) && state.order.kept === me.kept + 1;
}

function keptOf({ kept }: History): Partial<History> {
  return { kept: kept + 1, claims: 0, hasUndone: false };
}

function afterKeep({ isCancelRequested }: Order, { kept }: Worker, bug: Turn["options"]["bug"]) {
  const goesOn = bug === "work goes on after a keep that saw a cancellation";
  if (isCancelRequested && !goesOn) return TURN_TO_CANCELLED;
  return { at: "step" as const, kept: kept + 1 };
}

function startWait(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.wait(state.order, me, me.kept, options);
  const released = { ...NOTHING_KNOWN, at: "hide" } as const;
  if (order) {
    const history = counted(turn, keptOf(state.history));
    call(turn, "the wait begins", { order, history }, released, keepViolation(turn));
  } else if (isKeptBefore(turn)) normal(turn, "finds its wait", goOn(turn, released));
  else cancelledOrLost(turn);
}

export function complete(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.complete(state.order, me, options);
  if (order) {
    const then = notifyOf(turn, "COMPLETED", state.order.redrives);
    call(turn, "complete", { order }, then, completeViolation(turn));
  } else cancelledOrLost(turn);
}

export function release(turn: Turn): void {
  const order = ordersTable.release(turn.state.order, turn.me, turn.options);
  if (order) call(turn, "release", { order }, { ...NOTHING_KNOWN, at: "hide" });
  else if (isCancelledInBetween(turn)) cancelledOrLost(turn);
  else normal(turn, "release is refused", giveBack(turn));
}

function cancelledOrLost(turn: Turn): void {
  if (!isCancelledInBetween(turn)) refused(turn);
  else normal(turn, "refused: it is to be cancelled", goOn(turn, TURN_TO_CANCELLED));
}
