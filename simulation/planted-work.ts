import type { PlantedBug } from "./planted-bug";

const TABLE = "aws/orders-table.ts";

/** Of steps, waits, the undo, cancellations and the history. */
export const BUGS_OF_WORK: PlantedBug[] = [
  {
    name: "a result is kept under another's claim",
    file: TABLE,
    line: "condition: `${MINE} AND ${nothingWasKeptSince(claimed)}`,",
    becomes: "condition: `#status = :PROCESSING AND ${nothingWasKeptSince(claimed)}`,",
    needsTwoFaults: true,
  },
  {
    name: "a result whose answer was lost is kept twice",
    file: TABLE,
    line: "condition: `${MINE} AND ${nothingWasKeptSince(claimed)}`,",
    becomes: "condition: MINE,",
  },
  {
    name: "completing ignores a request for cancellation",
    file: TABLE,
    after: "endOrder: (",
    line: '${end.status === "CANCELLED" ? "" : ` AND ${NOT_CANCELLED}`}',
    becomes: "",
  },
  {
    name: "a claim ignores a request for cancellation",
    file: TABLE,
    after: "claimOrder: (",
    line: "AND ${NOT_CANCELLED}`,",
    becomes: "`,",
    seed: 454,
    needsTwoFaults: true,
  },
  {
    name: "kept results survive a redrive",
    file: TABLE,
    line: 'remove: "undoTries, kept, ending,',
    becomes: 'remove: "undoTries, ending,',
  },
  {
    name: "how an order ends is not written when its undo begins",
    file: TABLE,
    line: ",\n          ending = if_not_exists(ending, :ending)`,",
    becomes: "`,",
  },
  {
    name: "a cancellation does not end a wait",
    file: TABLE,
    line: "checkAt = :checkAt,\n          leaseUntil = if_not_exists(workUntil, :zero), writeId",
    becomes: "checkAt = :checkAt, writeId",
  },
  {
    name: "a cancellation does not wait for the worker",
    file: TABLE,
    line: "leaseUntil = if_not_exists(workUntil, :zero)",
    becomes: "leaseUntil = :zero",
  },
  {
    name: "an order that is being worked on is cancelled at once",
    file: TABLE,
    after: "cancelNewOrder: (",
    line: "#status = :RECEIVED AND attempt = :zero",
    becomes: "#status IN (:RECEIVED, :PROCESSING)",
  },
  {
    name: "a kept step does not begin the count of tries anew",
    file: TABLE,
    line: '${kept.kind === "undo" ? "undoTries" : "tries"} = :zero`,',
    becomes: "writeId = writeId`,",
  },
  {
    name: "an undo does not count as a try",
    file: TABLE,
    line: "undoTries = if_not_exists(undoTries, :zero) + :one",
    becomes: "undoTries = if_not_exists(undoTries, :zero)",
  },
  {
    name: "the undo begins without a claim of its own",
    file: TABLE,
    after: "beginUndo: (",
    line: "attempt = attempt + :one${moved",
    becomes: "attempt = attempt${moved",
  },
  {
    name: "an order is given up although a step was kept",
    file: TABLE,
    line: "`${MINE} AND ${LEASE_IS_OVER} AND tries = :tries`",
    becomes: "`${MINE} AND ${LEASE_IS_OVER}`",
    seed: 654,
    needsTwoFaults: true,
  },
  {
    name: "a write that has not seen the history adds to it without a bound",
    file: "history.ts",
    line: "MAX_SEEN_ENTRIES = MAX_HISTORY_ENTRIES - 2;",
    becomes: "MAX_SEEN_ENTRIES = MAX_HISTORY_ENTRIES;",
    seed: 933,
  },
  {
    name: "a wait begins anew in each attempt",
    file: "run-work.ts",
    line: 'known?.kind === "wait" ? known.until : untilOf(time, now)',
    becomes: "untilOf(time, now)",
  },
  {
    name: "a wait is half as long as asked",
    file: "wait-time.ts",
    line: "now.getTime() + milliseconds",
    becomes: "now.getTime() + milliseconds / 2",
  },
  {
    name: "an order that waits is not left alone",
    file: "life.ts",
    line: "return { leaseUntil: until, checkAt: until, overdueSince };",
    becomes: "return { leaseUntil: now, checkAt: until, overdueSince };",
  },
  {
    name: "a step begins although the order is to be cancelled",
    file: "run-work.ts",
    line: '(state.kind === "undo" || !isToBeCancelled(stored))',
    becomes: "true",
  },
  {
    name: "a result is given that is not kept",
    file: "run-work.ts",
    line: "const isGoingOn = ok && stored &&",
    becomes: "const isGoingOn = stored &&",
    needsTwoFaults: true,
  },
  {
    name: "the undo gets nothing of what was kept",
    file: "work.ts",
    line: 'if (each.kind !== "step") return [];',
    becomes: 'if (each.kind !== "undo") return [];',
  },
  {
    name: "an undo that throws counts as done",
    file: "undo.ts",
    line: 'return release(deps, run, "undo failed");',
    becomes: "return endAfterUndo(deps, run.stored);",
  },
];
