import type { Alarm } from "./alarm";
import {
  alarm,
  FIFTEEN_MINUTES,
  FIVE_MINUTES,
  maximum,
  ONCE_IN_FIVE_MINUTES,
  sum,
  THREE_OF_FIVE_MINUTES,
} from "./alarm-rules";
import type { StackConfig } from "./config";
import { own } from "./metrics";

type Thresholds = StackConfig["alarms"];

/** On what the functions count themselves. */
export function orderAlarms(thresholds: Thresholds): Alarm[] {
  return [...stuckAlarms(thresholds), ...failureAlarms(thresholds), ...messageAlarms()];
}

function stuckAlarms(thresholds: Thresholds): Alarm[] {
  return [
    alarm(
      "oldest-order",
      "Accepted orders are neither finished nor notified, and nothing moves them on.",
      {
        of: maximum(own("OldestOverdueOrderAge")),
        ...THREE_OF_FIVE_MINUTES,
        threshold: thresholds.oldestOverdueSeconds,
        missing: "ignore",
      },
    ),
    alarm(
      "reconciler-stopped",
      "Orders that got stuck stay stuck: nothing looks for them any more.",
      {
        of: { metric: own("OverdueOrders"), statistic: "SampleCount" },
        ...FIVE_MINUTES,
        when: "<",
        threshold: 1,
        missing: "breaching",
      },
    ),
  ];
}

function failureAlarms(thresholds: Thresholds): Alarm[] {
  return [
    alarm(
      "orders-failed",
      "Orders were given up after all their attempts, and their customers notified of it.",
      {
        of: sum(own("OrdersFailed")),
        ...ONCE_IN_FIVE_MINUTES,
        when: ">=",
        threshold: thresholds.failedOrders,
      },
    ),
    alarm(
      "undo-failed",
      "What was charged or reserved for an order that ended may not be given back.",
      { of: sum(own("UndosFailed")), ...ONCE_IN_FIVE_MINUTES },
    ),
    alarm(
      "attempts-failing",
      "Orders are accepted, but most attempts to fulfil them fail, so they are late.",
      {
        of: {
          // No failed attempt, no data, no alarm.
          expression: "100 * failed / (failed + FILL(completed, 0))",
          statistics: {
            failed: sum(own("AttemptsFailed")),
            completed: sum(own("OrdersCompleted")),
          },
        },
        ...FIFTEEN_MINUTES,
        when: ">=",
        threshold: thresholds.failingAttemptsPercent,
      },
    ),
    alarm("notifications-failed", "Orders have ended, and their customers do not hear of it.", {
      of: sum(own("NotificationsFailed")),
      ...THREE_OF_FIVE_MINUTES,
    }),
  ];
}

function messageAlarms(): Alarm[] {
  return [
    alarm(
      "unrecognised-messages",
      "Something else sends to the queue of orders; orders themselves are not affected.",
      { of: sum(own("UnrecognisedMessages")), ...ONCE_IN_FIVE_MINUTES },
    ),
  ];
}
