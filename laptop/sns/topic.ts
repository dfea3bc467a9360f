import { createHash } from "node:crypto";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { boolean, create, defaulted, optional, string, type, type Infer } from "superstruct";
import { arn, queueUrlOf, type Cloud, type Resource } from "../cloud";
import type { EventSource } from "../lambda/event-source-mapping";
import { serviceMay } from "../iam/authorizer";
import { retryPolicyOf } from "../lambda/event-invoke-config";
import { announceOnly, deliverToFunction, deliverToQueue } from "./delivery";
import { setResourcePolicy } from "../iam/resources";
import { encryptWith } from "../kms/key";
import { createQueue } from "../sqs/queue";

export async function makeTopic(name: string, inputs: unknown, cloud: Cloud): Promise<Resource> {
  const struct = type({ kmsMasterKeyId: optional(string()), policy: optional(string()) });
  const { kmsMasterKeyId, policy } = create(inputs, struct);
  const { TopicArn = "" } = await cloud.sns.send(new CreateTopicCommand({ Name: name }));
  encryptWith(cloud, TopicArn, kmsMasterKeyId);
  if (policy !== undefined) {
    setResourcePolicy(cloud, TopicArn, policy, `the policy of the topic ${name}`);
  }
  return { id: TopicArn, outputs: { name, arn: TopicArn } };
}

const subscriptionStruct = type({
  topic: string(),
  protocol: string(),
  endpoint: string(),
  filterPolicy: optional(string()),
  filterPolicyScope: optional(string()),
  rawMessageDelivery: defaulted(boolean(), false),
});
type Subscription = Infer<typeof subscriptionStruct>;

/**
 * A hidden queue behind the topic, and a delivery from there: fauxqs itself knows queues as subscribers
 * only, and asks nobody's policy.
 */
export async function makeTopicSubscription(
  name: string,
  inputs: unknown,
  cloud: Cloud,
): Promise<Resource> {
  const subscription = create(inputs, subscriptionStruct);
  const { topic, filterPolicy, filterPolicyScope } = subscription;
  // A name that SQS takes, and that no other subscription has.
  const queueName = `subscription-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
  const queueArn = await createQueue(cloud, queueName, { VisibilityTimeout: 43_200 });
  cloud.eventSources.push(startDelivery(queueUrlOf(queueArn, cloud), subscription, cloud));
  const { SubscriptionArn = "" } = await cloud.sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: "sqs",
      Endpoint: queueArn,
      Attributes: {
        ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy }),
        ...(filterPolicyScope !== undefined && { FilterPolicyScope: filterPolicyScope }),
      },
    }),
  );
  return { id: SubscriptionArn, outputs: { arn: SubscriptionArn } };
}

function startDelivery(queueUrl: string, subscription: Subscription, cloud: Cloud): EventSource {
  const { topic, protocol, endpoint, rawMessageDelivery: isRaw } = subscription;
  const { sqs, functions, iam, onEvent } = cloud;
  const maySend = (action: string) => () =>
    serviceMay(iam, "sns.amazonaws.com", { action, resource: endpoint }, topic);
  const target = functions.get(endpoint);
  if (target) {
    const options = { queueUrl, isPermitted: maySend("lambda:InvokeFunction") };
    const policy = () => retryPolicyOf(endpoint, cloud);
    return deliverToFunction(sqs, target, options, policy, onEvent);
  }
  if (protocol === "sqs" && endpoint.startsWith(arn(cloud, "sqs", ""))) {
    const isPermitted = maySend("sqs:SendMessage");
    const to = { queueUrl: queueUrlOf(endpoint, cloud), isRaw };
    return deliverToQueue(sqs, to, { queueUrl, isPermitted }, onEvent);
  }
  return announceOnly(sqs, queueUrl, protocol, onEvent);
}
