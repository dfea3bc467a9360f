import type { MetricName } from "../../handlers/metrics";
import type { Telemetry } from "../../handlers/telemetry";

/** What the handlers of a test file have logged. */
export const logs: unknown[] = [];
/** What they have measured, in turn. */
export const measured: [MetricName, number][] = [];

const entry = (message: string, fields: object) => void logs.push({ message, ...fields });

export const telemetry: Telemetry = {
  log: {
    info: entry,
    warn: entry,
    error(message, error, fields) {
      const { name, message: reason } = error instanceof Error ? error : new Error(String(error));
      logs.push({ message, ...fields, error: name, reason });
    },
  },
  measure: (name, value = 1) => void measured.push([name, value]),
};

export function forgetTelemetry(): void {
  logs.length = 0;
  measured.length = 0;
}
