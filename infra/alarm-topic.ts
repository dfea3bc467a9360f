import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountIn, denyInsecureAccess } from "./policies";
import type { AlarmSubscription } from "./subscriptions";
import { subscribeTo, TOPIC_ACTIONS } from "./topic-subscription";

export interface AlarmTopicArgs {
  /** The services that publish to it, such as cloudwatch.amazonaws.com. */
  publishers: string[];
  subscriptions: AlarmSubscription[];
}

/**
 * The topic of alarms. It has no key: CloudWatch may not use alias/aws/sns, and would deliver nothing, and
 * there is no personal data in an alarm.
 */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;
  /** Whoever publishes depends on it. */
  readonly policy: aws.sns.TopicPolicy;

  constructor(
    name: string,
    { publishers, subscriptions }: AlarmTopicArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("order-processing:infra:AlarmTopic", name, {}, opts);
    this.topic = new aws.sns.Topic(name, {}, { parent: this });
    this.policy = new aws.sns.TopicPolicy(
      name,
      { arn: this.topic.arn, policy: this.topic.arn.apply((arn) => policyOf(arn, publishers)) },
      { parent: this },
    );
    for (const subscription of subscriptions) {
      subscribeTo(
        { topic: this.topic, ...subscription, filter: {}, configKey: "alarms.subscriptions" },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

function policyOf(Resource: string, Service: string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      denyInsecureAccess(TOPIC_ACTIONS, Resource),
      {
        Sid: "OnlyThisAccountsAlarms",
        Effect: "Allow",
        Principal: { Service },
        Action: "sns:Publish",
        Resource,
        Condition: { StringEquals: { "aws:SourceAccount": accountIn(Resource) } },
      },
    ],
  });
}
