import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { comparisonOf, evaluationOf } from "./alarm";
import { alarmList } from "./alarm-list";
import { AlarmTopic } from "./alarm-topic";
import type { StackConfig } from "./config";
import type { Watched } from "./metrics";

export interface AlarmsArgs {
  watched: Watched;
  config: StackConfig["alarms"];
  /** Whether a budget publishes to the topic as well. */
  hasBudget: boolean;
}

/** The alarms of the stack, and the topic that they are published to when they begin and when they end. */
export class Alarms extends pulumi.ComponentResource {
  readonly topic: AlarmTopic;
  readonly arns: pulumi.Output<string>[];

  constructor(name: string, { watched, config, hasBudget }: AlarmsArgs) {
    super("order-processing:infra:Alarms", name);
    const publishers = [
      "cloudwatch.amazonaws.com",
      ...(hasBudget ? ["budgets.amazonaws.com"] : []),
    ];
    const { subscriptions, runbook } = config;
    this.topic = new AlarmTopic("alarms", { publishers, subscriptions }, { parent: this });
    const actions = [this.topic.topic.arn];
    this.arns = alarmList(watched, config).map((alarm) => {
      const registered = new aws.cloudwatch.MetricAlarm(
        alarm.name,
        {
          // Found by this name: operators and the doctor know no other.
          name: `${pulumi.getProject()}-${pulumi.getStack()}-${alarm.name}`,
          alarmDescription: `${alarm.customers} ${runbook}#${alarm.section}`,
          comparisonOperator: comparisonOf(alarm),
          ...evaluationOf(alarm),
          alarmActions: actions,
          okActions: actions,
        },
        { parent: this, dependsOn: [this.topic.policy] },
      );
      return registered.arn;
    });
    this.registerOutputs();
  }
}
