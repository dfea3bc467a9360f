import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmTopic } from "./alarm-topic";

const WARNING_PERCENTS = [80, 100];

/** Warns by the topic of alarms when the whole account's bill of a month comes near to a limit. */
export class MonthlyBudget extends pulumi.ComponentResource {
  constructor(name: string, { usd, alarmTopic }: { usd: number; alarmTopic: AlarmTopic }) {
    super("order-processing:infra:MonthlyBudget", name);
    new aws.budgets.Budget(
      name,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(usd),
        limitUnit: "USD",
        notifications: WARNING_PERCENTS.map((threshold) => ({
          comparisonOperator: "GREATER_THAN",
          notificationType: "ACTUAL",
          threshold,
          thresholdType: "PERCENTAGE",
          subscriberSnsTopicArns: [alarmTopic.topic.arn],
        })),
      },
      { parent: this, dependsOn: [alarmTopic.policy] },
    );
    this.registerOutputs();
  }
}
