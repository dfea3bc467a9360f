import type { PlantedBug } from "./planted-bug";
import { BUGS_OF_WORK } from "./planted-work";

export type { PlantedBug } from "./planted-bug";

const TABLE = "aws/orders-table.ts";

const BUGS_OF_LIVES: PlantedBug[] = [
  {
    name: "the fence does not compare attempts",
    file: TABLE,
    line: 'const TOKEN = "redrives = :redrives AND attempt = :attempt";',
    becomes: 'const TOKEN = "redrives = :redrives";',
    needsTwoFaults: true,
  },
  {
    name: "the fence does not compare lives",
    file: TABLE,
    line: 'const TOKEN = "redrives = :redrives AND attempt = :attempt";',
    becomes: 'const TOKEN = "attempt = :attempt";',
    needsTwoFaults: true,
  },
  {
    name: "a notification of another life is recorded",
    file: TABLE,
    line: "condition: `#status = :end AND ${TOKEN} AND attribute_not_exists(notifiedAt)`,",
    becomes: "condition: `#status = :end AND attribute_not_exists(notifiedAt)`,",
    seed: 300,
    needsTwoFaults: true,
  },
  {
    name: "a claim does not ask whether the lease is over",
    file: TABLE,
    line: "(attribute_not_exists(leaseUntil) OR leaseUntil <= :now)",
    becomes: "attribute_exists(#status)",
    seed: 259,
    needsTwoFaults: true,
  },
  {
    name: "an ended order is claimed",
    file: TABLE,
    line: "condition: `#status IN (:RECEIVED, :PROCESSING) AND ${TOKEN}",
    becomes: "condition: `${TOKEN}",
    seed: 218,
    needsTwoFaults: true,
  },
  {
    name: "a release is not fenced",
    file: TABLE,
    after: "releaseOrder: (",
    line: "condition: `${MINE} AND",
    becomes: "condition: `#status = :PROCESSING AND",
    needsTwoFaults: true,
  },
  {
    name: "a repeated request overwrites the order",
    file: TABLE,
    line: 'ConditionExpression: "attribute_not_exists(orderId)",',
    becomes: "",
  },
  {
    name: "a refused write counts as made",
    file: TABLE,
    line: "return { ok: writeId !== undefined && stored?.writeId === writeId, stored };",
    becomes: "return { ok: true, stored };",
  },
  {
    name: "a claim does not count as a try",
    file: TABLE,
    line: "attempt = attempt + :one, tries = tries + :one",
    becomes: "attempt = attempt + :one",
  },
  {
    name: "a look of the reconciler counts as a try",
    file: TABLE,
    line: 'set: "checkAt = :checkAt, overdueSince',
    becomes: 'set: "tries = tries + :one, checkAt = :checkAt, overdueSince',
  },
  {
    name: "a look of the reconciler leaves the index",
    file: TABLE,
    line: 'set: "checkAt = :checkAt, overdueSince = if_not_exists(overdueSince, :seen)",',
    becomes: 'set: "overdueSince = :checkAt", remove: "shelf, checkAt",',
  },
  {
    name: "a redrive keeps the life",
    file: TABLE,
    line: "redrives = redrives + :one",
    becomes: "redrives = redrives",
  },
  {
    name: "a lease is shorter than the timeout",
    file: "life.ts",
    after: "function leaseOf(",
    line: "const leaseUntil = workUntil + backoffOf(",
    becomes: "const leaseUntil = now + backoffOf(",
    needsTwoFaults: true,
    seed: 18,
  },
  {
    name: "a backoff is not written",
    file: "life.ts",
    line: "const leaseUntil = now + backoffOf(",
    becomes: "const leaseUntil = now + 0 * backoffOf(",
  },
  {
    name: "one attempt too many",
    file: "life.ts",
    line: "return tries >= maxAttempts ? {",
    becomes: "return tries > maxAttempts ? {",
  },
  {
    name: "FAILED without its undo",
    file: "life.ts",
    line: 'return { next: "undo", ending, lease',
    becomes: 'return { next: "end", end: ending }; return { next: "undo", ending, lease',
  },
  {
    name: "an undo is tried without end",
    file: "life.ts",
    line: "if (undoTries >= maxAttempts) return",
    becomes: "if (undoTries >= Infinity) return",
  },
  {
    name: "recorded as notified before it is published",
    file: "process-order.ts",
    line: "await deps.notifyCustomer(notificationOf(order, redrives));",
    becomes:
      "await deps.recordNotified(ended, deps.now()); await deps.notifyCustomer(notificationOf(order, redrives));",
  },
  {
    name: "acknowledged without `notifiedAt`",
    file: "process-order.ts",
    line: "const { ok } = await deps.recordNotified(ended, now);",
    becomes: "const ok = false;",
    seed: 2,
  },
  {
    name: "work under a refused claim",
    file: "process-order.ts",
    line: "claim.ok && claim.stored ? await attempt(deps, claim.stored) : claim.stored;\n        break;",
    becomes: "claim.stored ? await attempt(deps, claim.stored) : claim.stored;\n        break;",
    needsTwoFaults: true,
  },
  {
    name: "an idempotency key for each attempt",
    file: "run-work.ts",
    line: "return `${order.orderId}/${redrives}/${step}`;",
    becomes: "return `${order.orderId}/${redrives}/${step}/${order.updatedAt}`;",
  },
  {
    name: "a replay sends a message",
    file: "create-order.ts",
    line: "if (isNew) {",
    becomes: "if (isNew || known) {",
  },
  {
    name: "the reconciler sends without a bound",
    file: "reconcile-orders.ts",
    line: "due.slice(i, Math.min(i + BATCH, room))",
    becomes: "due.slice(i)",
    seed: 580,
    needsTwoFaults: true,
  },
];

export const PLANTED_BUGS = [...BUGS_OF_LIVES, ...BUGS_OF_WORK];
