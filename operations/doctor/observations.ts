import type { StackConfig } from "../../infra/config";
import type { PerFunction } from "../target/stack";
import type { Seen } from "./seen";

/** Times in milliseconds since 1970. */
export interface AlarmSeen {
  name: string;
  description: string;
  state: string;
  since: number;
}

export interface QueueSeen {
  visible: number;
  inFlight: number;
  visibilityTimeoutSeconds: number;
  maxReceiveCount: number | undefined;
}

/** Of up to ten messages: hints are about an order, and nobody needs them; foreign ones about none. */
export interface DeadLettersSeen {
  count: number;
  lookedAt: number;
  hints: number;
  unknownOrders: string[];
  /** Message ids. */
  foreign: string[];
}

export interface Counted {
  count: number;
  /** There are more than were counted. */
  isMore: boolean;
}

export interface OpenOrdersSeen extends Counted {
  overdue: number;
  /** Since when the oldest of them is overdue. */
  oldestOverdueSince: number | undefined;
  oldestOverdue: string | undefined;
  /** `PROCESSING in attempt 2` → how many, of those that were looked at. */
  states: Record<string, number>;
  lookedAt: number;
}

export interface FailedOrdersSeen {
  all: Counted;
  lastHour: Counted;
}

/** Undefined where CloudWatch has no values. */
export interface FunctionMetrics {
  invocations: number | undefined;
  errors: number | undefined;
  throttles: number | undefined;
}

export interface MetricsSeen {
  oldestMessageSeconds: number | undefined;
  undosFailed: number | undefined;
  reconcilerReports: number | undefined;
  functions: PerFunction<FunctionMetrics>;
}

export interface FunctionSeen {
  timeoutSeconds: number | undefined;
  environment: Record<string, string>;
}

/** Undefined where there was none in the last hour. */
export type LastError = { at: number; message: unknown; text: string } | undefined;

/** What the config of this checkout wants. */
export type Wanted = Pick<StackConfig, "processing" | "alarms">;

export interface Observations {
  queue: Seen<QueueSeen>;
  deadLetters: Seen<DeadLettersSeen>;
  alarms: Seen<AlarmSeen[]>;
  metrics: Seen<MetricsSeen>;
  openOrders: Seen<OpenOrdersSeen>;
  failedOrders: Seen<FailedOrdersSeen>;
  lastErrors: PerFunction<Seen<LastError>>;
  processOrder: Seen<FunctionSeen>;
  reconcileOrders: Seen<FunctionSeen>;
  /** Of the account: executions that no function has reserved. */
  concurrency: Seen<number>;
  /** ENABLED or DISABLED. */
  schedule: Seen<string>;
  wanted: Seen<Wanted>;
}
