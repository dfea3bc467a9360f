import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountIn } from "./policies";

/** SNS takes no wildcard in a topic's policy: these are the actions that are about one topic. */
export const TOPIC_ACTIONS = [
  "sns:AddPermission",
  "sns:DeleteTopic",
  "sns:GetTopicAttributes",
  "sns:ListSubscriptionsByTopic",
  "sns:Publish",
  "sns:RemovePermission",
  "sns:SetTopicAttributes",
  "sns:Subscribe",
];

export interface TopicSubscriptionArgs {
  topic: aws.sns.Topic;
  protocol: string;
  endpoint: string;
  /** Which messages it receives, by their attributes; all where it is empty. */
  filter: Record<string, string[]>;
  /** The config key that lists it, for the sentence about what is wrong with it. */
  configKey: string;
}

/** Addresses and customer IDs are personal data: secret in the state, and in no resource's name. */
export function subscribeTo(
  { topic, protocol, endpoint, filter, configKey }: TopicSubscriptionArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const hash = createHash("sha256").update(`${protocol} ${endpoint}`).digest("hex").slice(0, 12);
  new aws.sns.TopicSubscription(
    `${protocol}-${hash}`,
    {
      topic: topic.arn,
      protocol,
      endpoint: pulumi.secret(topic.arn.apply((arn) => reachableFrom(arn, endpoint, configKey))),
      ...(Object.keys(filter).length > 0 && {
        filterPolicy: pulumi.secret(JSON.stringify(filter)),
      }),
    },
    opts,
  );
}

/** Refuses what AWS would refuse only after minutes: another account's queue has to confirm. */
export function reachableFrom(topicArn: string, endpoint: string, configKey: string): string {
  const isForeign = endpoint.startsWith("arn:") && accountIn(endpoint) !== accountIn(topicArn);
  if (!isForeign) return endpoint;
  throw new pulumi.RunError(
    `order-processing:${configKey} names a queue of the account ${accountIn(endpoint)}, but the topic ` +
      `is in ${accountIn(topicArn)}: only queues of this account can be subscribed. Use https for others.`,
  );
}
