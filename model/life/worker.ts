import { claim, complete, firstClaim, keep, release, run } from "./attempt";
import { decideNext } from "./next-step";
import * as ordersTable from "./orders-table";
import { isContradictory, NOTHING_KNOWN, published, type Worker } from "./state";
import { acknowledge, call, fault, giveBack, goOn, normal, type Turn } from "./turn";
import {
  abandon,
  claimForUndo,
  endAfterUndo,
  endWithoutUndo,
  keepOfUndo,
  turnToUndo,
} from "./undo";

/** process-order, of which the model has one message an invocation. */
export function work(turn: Turn): void {
  fault(turn, DIES[turn.me.at], giveBack(turn));
  STEPS[turn.me.at](turn);
}

const STEPS: Readonly<Record<Worker["at"], (turn: Turn) => void>> = {
  decide: receive,
  claim,
  step: run,
  keep,
  turn: turnToUndo,
  complete,
  release,
  "claim for undo": claimForUndo,
  undo: abandon,
  "keep of undo": keepOfUndo,
  end: endAfterUndo,
  "end without undo": endWithoutUndo,
  publish,
  stamp,
  delete: remove,
  hide,
};

const DIES = Object.fromEntries(
  Object.keys(STEPS).map((step) => [step, `worker dies or fails before: ${step}`]),
) as Record<Worker["at"], string>;

function receive(turn: Turn): void {
  if (turn.me.receives !== 1 || !firstClaim(turn)) decideNext(turn);
}

function hide(turn: Turn): void {
  normal(turn, "the message is hidden for the pause", giveBack(turn));
  normal(turn, "the pause is long: acknowledges", acknowledge(turn));
}

function publish(turn: Turn): void {
  const { state, me, options } = turn;
  const publications = state.history.publications | published(me.redrives, me.end);
  const history = { ...state.history, publications };
  const violation = isContradictory(publications)
    ? "I4 two ends of one life are published"
    : undefined;
  const at = options.bug === "stamp before publish" ? "delete" : "stamp";
  call(turn, `publish ${me.end}`, { history }, { at }, violation);
}

function stamp(turn: Turn): void {
  const { state, me, options } = turn;
  const order = ordersTable.stamp(state.order, me.end, me.redrives, options);
  const done = { ...NOTHING_KNOWN, at: "delete" } as const;
  const then = options.bug === "stamp before publish" ? ({ at: "publish" } as const) : done;
  if (order) call(turn, "stamp notifiedAt", { order }, then);
  else normal(turn, "stamp is refused", goOn(turn, done));
}

function remove(turn: Turn): void {
  normal(turn, "the message is deleted", acknowledge(turn));
}
