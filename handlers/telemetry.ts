import type { MetricName } from "./metrics";

type Fields = Record<string, string | number | undefined>;

/** Entries of the function's log. Ids and outcomes only: a request's values may be personal data. */
export interface Log {
  info(message: string, fields: Fields): void;
  warn(message: string, fields: Fields): void;
  error(message: string, error: unknown, fields: Fields): void;
}

/** What a handler tells of itself. */
export interface Telemetry {
  log: Log;
  /** Adds a value, of the metric's unit; without one it counts 1. */
  measure: (name: MetricName, value?: number) => void;
}
