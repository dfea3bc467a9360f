/** A line of a handler made wrong, to see that the simulation notices. */
export interface PlantedBug {
  /** What it breaks. */
  name: string;
  /** Below handlers/. */
  file: string;
  /** Where the line stands more than once: the first one after this text. */
  after?: string;
  line: string;
  becomes: string;
  /** Shows only where two faults come together. */
  needsTwoFaults?: true;
}

const TABLE = "aws/orders-table.ts";

export const PLANTED_BUGS: PlantedBug[] = [
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
    needsTwoFaults: true,
  },
  {
    name: "a claim does not ask whether the lease is over",
    file: TABLE,
    line: "\n          AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)`,",
    becomes: "`,",
    needsTwoFaults: true,
  },
  {
    name: "an ended order is claimed",
    file: TABLE,
    line: "condition: `#status IN (:RECEIVED, :PROCESSING) AND ${TOKEN}",
    becomes: "condition: `${TOKEN}",
    needsTwoFaults: true,
  },
  {
    name: "a release is not fenced",
    file: TABLE,
    after: "releaseOrder: (",
    line: "condition: MINE,",
    becomes: 'condition: "#status = :PROCESSING",',
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
    line: 'change: "SET checkAt = :checkAt, overdueSince',
    becomes: 'change: "SET tries = tries + :one, checkAt = :checkAt, overdueSince',
  },
  {
    name: "a look of the reconciler leaves the index",
    file: TABLE,
    line: 'change: "SET checkAt = :checkAt, overdueSince',
    becomes: 'change: "REMOVE shelf, checkAt SET overdueSince',
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
    line: "leaseOf(stored, tries + 1, now + seconds(policy.timeoutSeconds), policy, random)",
    becomes: "leaseOf(stored, tries + 1, now, policy, random)",
    needsTwoFaults: true,
  },
  {
    name: "a backoff is not written",
    file: "life.ts",
    line: "const leaseUntil = from + backoffOf(",
    becomes: "const leaseUntil = from + 0 * backoffOf(",
  },
  {
    name: "one attempt too many",
    file: "life.ts",
    line: 'tries < maxAttempts ? "attempt"',
    becomes: 'tries <= maxAttempts ? "attempt"',
  },
  {
    name: "FAILED without its undo",
    file: "life.ts",
    line: "if (tries >= 2 * maxAttempts)",
    becomes: "if (tries >= maxAttempts)",
  },
  {
    name: "an undo is tried without end",
    file: "life.ts",
    line: "if (tries >= 2 * maxAttempts)",
    becomes: "if (tries >= Infinity)",
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
    line: "await deps.recordNotified(ended, deps.now());",
    becomes: "",
  },
  {
    name: "work under a refused claim",
    file: "process-order.ts",
    line: "claim.ok && claim.stored ? await work(",
    becomes: "claim.stored ? await work(",
    needsTwoFaults: true,
  },
  {
    name: "an idempotency key for each attempt",
    file: "process-order.ts",
    line: "return { idempotencyKey: `${order.orderId}/${redrives}` };",
    becomes: "return { idempotencyKey: `${order.orderId}/${redrives}/${order.updatedAt}` };",
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
    needsTwoFaults: true,
  },
];
