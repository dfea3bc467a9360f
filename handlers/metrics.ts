/** Of everything that the functions count and measure; CloudWatch shows it under this name. */
export const METRIC_NAMESPACE = "order-processing";

/** The one dimension of each metric: the stack's name. What is different for each order is in the log. */
export const STACK_DIMENSION = "stack";

/** The metrics, each with its unit in CloudWatch's words. */
export const METRICS = {
  OrdersAccepted: "Count",
  OrdersReplayed: "Count",
  OrdersCompleted: "Count",
  OrdersRejected: "Count",
  OrdersFailed: "Count",
  OrdersCancelled: "Count",
  /** Runs of the business step, or of its undo, that threw. */
  AttemptsFailed: "Count",
  /** Ends whose undo has failed: a person must look. */
  UndosFailed: "Count",
  /** Ends that could not be published; the reconciler brings them back. */
  NotificationsFailed: "Count",
  /** Bearer tokens that did not let their bearers in. To Lambda each is an error of the authorizer. */
  TokensRefused: "Count",
  /** Messages on the queue of orders that are not about an order. */
  UnrecognisedMessages: "Count",
  /** From accepted to ended, in the order's first life. */
  TimeToEnd: "Milliseconds",
  /** From accepted to notified, in the order's first life. */
  TimeToNotified: "Milliseconds",
  /** Of each run of the reconciler: open orders that nobody has moved on in time. */
  OverdueOrders: "Count",
  /** Since when the oldest of them is overdue; 0 where there is none. */
  OldestOverdueOrderAge: "Seconds",
  /** Messages that the reconciler has sent. */
  MessagesSentAgain: "Count",
} as const;

export type MetricName = keyof typeof METRICS;
