import type * as pulumi from "@pulumi/pulumi";
import { Alarms } from "./alarms";
import { MonthlyBudget } from "./budget";
import type { StackConfig } from "./config";
import { Dashboard } from "./dashboard";
import type { Watched } from "./metrics";

/**
 * What operators see, and are woken by. Gives the ARN of the topic that alarms are published to; undefined
 * without alarms.
 */
export function monitor(
  watched: Watched,
  { alarms: config, budget: { monthlyUsd: usd } }: Pick<StackConfig, "alarms" | "budget">,
): pulumi.Output<string> | undefined {
  const hasBudget = usd > 0;
  const alarms = config.enabled ? new Alarms("orders", { watched, config, hasBudget }) : undefined;
  new Dashboard("orders", { watched, alarmArns: alarms?.arns ?? [] });
  if (alarms && hasBudget) new MonthlyBudget("account", { usd, alarmTopic: alarms.topic });
  return alarms?.topic.topic.arn;
}
