import { array, number, string, type, validate } from "superstruct";
import type { LogEntry } from "../events";
import type { MetricId } from "./metrics";

/** A metric's value, and when it was taken: milliseconds since 1970. */
export interface Datum {
  id: MetricId;
  value: number;
  at: number;
}

const directive = type({
  Timestamp: number(),
  CloudWatchMetrics: array(
    type({
      Namespace: string(),
      Dimensions: array(array(string())),
      Metrics: array(type({ Name: string() })),
    }),
  ),
});

/**
 * The metrics in a log entry of CloudWatch's embedded metric format: a value, or each of an array, for each set
 * of dimensions. None of an entry that is not of that format, and none where a value or a dimension is missing.
 */
export function metricsIn(entry: LogEntry): Datum[] {
  const [, embedded] = validate(entry["_aws"], directive);
  if (!embedded) return [];
  return embedded.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = dimensionsIn(entry, names);
      if (!dimensions) return [];
      return Metrics.flatMap(({ Name: name }) =>
        valuesIn(entry[name]).map((value) => ({
          id: { namespace, name, dimensions },
          value,
          at: embedded.Timestamp,
        })),
      );
    }),
  );
}

function dimensionsIn(entry: LogEntry, names: string[]): Record<string, string> | undefined {
  const pairs = names.map((name) => [name, entry[name]]);
  const isWhole = pairs.every(([, value]) => typeof value === "string");
  return isWhole ? (Object.fromEntries(pairs) as Record<string, string>) : undefined;
}

function valuesIn(value: unknown): number[] {
  return [value].flat().filter((each) => typeof each === "number");
}
