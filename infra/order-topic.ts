import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";
import { denyInsecureAndForeignAccess } from "./policies";
import type { Subscription } from "./subscriptions";
import { subscribeTo, TOPIC_ACTIONS } from "./topic-subscription";

/** The topic of orders that have ended, with its subscriptions. */
export class OrderTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(name: string, args: { encryption: Encryption; subscriptions: Subscription[] }) {
    super("order-processing:infra:OrderTopic", name);
    const { encryption, subscriptions } = args;
    const opts = { parent: this, dependsOn: encryption.grants };
    this.topic = new aws.sns.Topic(name, encryption.topic, opts);
    new aws.sns.TopicPolicy(
      name,
      {
        arn: this.topic.arn,
        policy: denyInsecureAndForeignAccess(this.topic.arn, TOPIC_ACTIONS),
      },
      { parent: this },
    );
    for (const { protocol, endpoint, customerId, status } of subscriptions) {
      const filter = {
        ...(customerId !== undefined && { customerId: [customerId] }),
        ...(status !== undefined && { status: [status] }),
      };
      subscribeTo(
        { topic: this.topic, protocol, endpoint, filter, configKey: "subscriptions" },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
