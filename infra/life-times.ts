/**
 * The times of an order's life, in seconds. They are no config: the design was checked with these
 * (docs/architecture.md). Functions get them as environment variables.
 */
export const LIFE_TIMES = {
  /** Before the second attempt of an order; doubled with each that follows, up to the maximum. */
  backoffSeconds: 10,
  maxBackoffSeconds: 60 * 60,
  /** After which the reconciler looks at an order that nobody has moved on. */
  firstCheckSeconds: 120,
  /** After which it looks again. */
  nextCheckSeconds: 300,
};

/** How often the reconciler runs. */
export const RECONCILE_RATE = "rate(1 minute)";

/**
 * Lambda's advice is a visibility timeout of six times the function's timeout: a delivery that was
 * throttled or crashed is not handed out again while its function may still run.
 */
export const VISIBILITY_FACTOR = 6;

const DAY_SECONDS = 24 * 60 * 60;
/** How long SQS keeps an order's message; without it the order is brought back by the reconciler. */
export const QUEUE_RETENTION_SECONDS = 4 * DAY_SECONDS;
/** SQS's maximum. A message keeps its age when it is dead-lettered. */
export const DEAD_LETTER_RETENTION_SECONDS = 14 * DAY_SECONDS;

/** It only parks messages: no receive count can fail an order. */
export const MAX_RECEIVE_COUNT = 100;
