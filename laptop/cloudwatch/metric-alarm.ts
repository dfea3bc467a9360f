import { arn } from "../account";
import { defineProvider, type Provider } from "../program/provider";
import { type ActionServices, makeOnStateChange } from "./alarm-actions";
import { alarmDefinition, alarmInputs, statsOf } from "./alarm-inputs";
import type { AlarmRegistry } from "./alarm-registry";
import type { AlarmDefinition } from "./alarms";
import { isKnownMetric } from "./known-metrics";
import type { MetricId } from "./metrics";

export interface AlarmServices extends ActionServices {
  alarms: AlarmRegistry;
}

/** Alarms on one metric, or on metric math over several. */
export function metricAlarmProvider(services: AlarmServices): Provider {
  const { account, alarms, onEvent } = services;
  return defineProvider({
    emulated: alarmInputs,
    withoutEffect: ["evaluateLowSampleCountPercentiles", "warmUpConfiguration"],
    refused: {
      thresholdMetricId: "the laptop has no anomaly detection",
      unit: "the laptop's metrics have no units",
    },
    create(id, inputs) {
      const { name = id } = inputs;
      const alarmArn = arn(account, "cloudwatch", `alarm:${name}`);
      const alarm = definitionOf(name, alarmArn, inputs);
      const metrics = statsOf(alarm.source).map(({ metric }) => metric);
      const unknown = metrics.filter((metric) => !isKnownMetric(metric));
      for (const metric of unknown) {
        const text = `alarm "${name}": the laptop does not know ${labelOf(metric)}`;
        onEvent({ kind: "warning", text });
      }
      alarms.register(alarm, makeOnStateChange(services), unknown.length < metrics.length);
      return { id: name, outputs: { name, arn: alarmArn }, dispose: () => alarms.remove(name) };
    },
  });
}

function definitionOf(...args: Parameters<typeof alarmDefinition>): AlarmDefinition {
  try {
    return alarmDefinition(...args);
  } catch (error) {
    throw new Error(`alarm "${args[0]}": ${(error as Error).message}`, { cause: error });
  }
}

function labelOf({ namespace, name, dimensions }: MetricId): string {
  const names = Object.keys(dimensions);
  return `${namespace} ${name}${names.length > 0 ? ` by ${names.join(" and ")}` : ""}`;
}
