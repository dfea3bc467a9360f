import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";
import { accountIn, denyInsecureAndForeignAccess } from "./policies";
import type { Subscription } from "./subscriptions";

/** SNS takes no wildcard here: these are the actions that are about one topic. */
const TOPIC_ACTIONS = [
  "sns:AddPermission",
  "sns:DeleteTopic",
  "sns:GetTopicAttributes",
  "sns:ListSubscriptionsByTopic",
  "sns:Publish",
  "sns:RemovePermission",
  "sns:SetTopicAttributes",
  "sns:Subscribe",
];

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
    for (const subscription of subscriptions) this.subscribe(subscription);
    this.registerOutputs();
  }

  /** Addresses and customer IDs are personal data: secret in the state, and in no resource's name. */
  private subscribe({ protocol, endpoint, customerId, status }: Subscription): void {
    const hash = createHash("sha256").update(`${protocol} ${endpoint}`).digest("hex").slice(0, 12);
    const filter = {
      ...(customerId !== undefined && { customerId: [customerId] }),
      ...(status !== undefined && { status: [status] }),
    };
    new aws.sns.TopicSubscription(
      `${protocol}-${hash}`,
      {
        topic: this.topic.arn,
        protocol,
        endpoint: pulumi.secret(this.topic.arn.apply((arn) => reachableFrom(arn, endpoint))),
        ...(Object.keys(filter).length > 0 && {
          filterPolicy: pulumi.secret(JSON.stringify(filter)),
        }),
      },
      { parent: this },
    );
  }
}

/** Refuses what AWS would refuse only after minutes: another account's queue has to confirm. */
export function reachableFrom(topicArn: string, endpoint: string): string {
  const isForeign = endpoint.startsWith("arn:") && accountIn(endpoint) !== accountIn(topicArn);
  if (!isForeign) return endpoint;
  throw new pulumi.RunError(
    `order-processing:subscriptions names a queue of the account ${accountIn(endpoint)}, but the topic ` +
      `is in ${accountIn(topicArn)}: only queues of this account can be subscribed. Use https for others.`,
  );
}
