import { defaulted, object, optional, record, string, type } from "superstruct";
import { defineProvider, type Provider } from "../program/provider";
import { fieldOf, parseFilterPattern } from "./filter-pattern";
import type { LogEvent, LogGroups } from "./log-groups";
import type { Metrics } from "./metrics";

const transformationStruct = object({
  name: string(),
  namespace: string(),
  /** A number, or a field that has one. */
  value: string(),
  /** Of log events that do not match. */
  defaultValue: optional(string()),
  // Nobody converts it.
  unit: optional(string()),
  dimensions: defaulted(record(string(), string()), {}),
});

/** Metric filters: from now on, each log event that matches is a value of a metric. */
export function logMetricFilterProvider({
  logGroups,
  metrics,
}: {
  logGroups: Pick<LogGroups, "watch">;
  metrics: Pick<Metrics, "put">;
}): Provider {
  return defineProvider({
    emulated: type({
      logGroupName: string(),
      pattern: string(),
      metricTransformation: transformationStruct,
    }),
    withoutEffect: ["name"],
    create(name, { logGroupName, pattern: text, metricTransformation: transformation }) {
      const what = `the metric filter ${name}`;
      const pattern = parseFilterPattern(text);
      if (!pattern.ok) throw new Error(`${what}: ${pattern.problem}`);
      const { defaultValue, value, namespace, name: metric, dimensions } = transformation;
      if (defaultValue !== undefined && Object.keys(dimensions).length > 0) {
        throw new Error(`${what} has dimensions, and so cannot have a defaultValue`);
      }
      let isDisposed = false;
      const isWatched = logGroups.watch(logGroupName, (event) => {
        if (isDisposed) return;
        const found = pattern.matches(event.message) ? value : defaultValue;
        const number = found === undefined ? undefined : numberOf(found, event);
        const own = dimensionsOf(dimensions, event);
        if (number !== undefined && own) {
          metrics.put({ namespace, name: metric, dimensions: own }, number, event.at);
        }
      });
      if (!isWatched) throw new Error(`${what}: there is no log group ${logGroupName}`);
      return { id: name, outputs: { name }, dispose: () => void (isDisposed = true) };
    },
  });
}

function numberOf(value: string, { message }: LogEvent): number | undefined {
  const found = value.startsWith("$.") ? fieldOf(message, value.slice(2)) : Number(value);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** Undefined where the event lacks a field that is a dimension: then there is no such metric. */
function dimensionsOf(
  dimensions: Record<string, string>,
  { message }: LogEvent,
): Record<string, string> | undefined {
  const pairs = Object.entries(dimensions).map(([name, selector]) => {
    const value = fieldOf(message, selector.replace(/^\$\./, ""));
    return [name, typeof value === "number" ? String(value) : value] as const;
  });
  const known = pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return known.length < pairs.length ? undefined : Object.fromEntries(known);
}
