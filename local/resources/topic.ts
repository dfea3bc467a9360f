import { createHash } from "node:crypto";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { boolean, create, optional, string, type } from "superstruct";
import { arn, queueUrlOf, type Cloud, type Resource } from "../cloud";
import { mayInvoke } from "../iam";
import { announceOnly, deliverToFunction } from "../topic-subscription";
import { addResourcePolicy } from "./iam";
import { encryptWith } from "./key";
import { createQueue } from "./queue";

export async function makeTopic(name: string, inputs: unknown, cloud: Cloud): Promise<Resource> {
  const struct = type({ kmsMasterKeyId: optional(string()), policy: optional(string()) });
  const { kmsMasterKeyId, policy } = create(inputs, struct);
  const { TopicArn = "" } = await cloud.sns.send(new CreateTopicCommand({ Name: name }));
  encryptWith(cloud, TopicArn, kmsMasterKeyId);
  if (policy !== undefined) {
    addResourcePolicy(cloud, TopicArn, policy, `the policy of the topic ${name}`);
  }
  return { id: TopicArn, outputs: { name, arn: TopicArn } };
}

export async function makeTopicSubscription(
  name: string,
  inputs: unknown,
  cloud: Cloud,
): Promise<Resource> {
  const struct = type({
    topic: string(),
    protocol: string(),
    endpoint: string(),
    filterPolicy: optional(string()),
    filterPolicyScope: optional(string()),
    rawMessageDelivery: optional(boolean()),
  });
  const subscription = create(inputs, struct);
  const { topic, protocol, endpoint, filterPolicy, filterPolicyScope } = subscription;
  const isOwnQueue = protocol === "sqs" && endpoint.startsWith(arn(cloud, "sqs", ""));
  const queueArn = isOwnQueue ? endpoint : await hiddenQueue(name, subscription, cloud);
  const { SubscriptionArn = "" } = await cloud.sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: "sqs",
      Endpoint: queueArn,
      Attributes: {
        RawMessageDelivery: String(isOwnQueue && subscription.rawMessageDelivery === true),
        ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy }),
        ...(filterPolicyScope !== undefined && { FilterPolicyScope: filterPolicyScope }),
      },
    }),
  );
  return { id: SubscriptionArn, outputs: { arn: SubscriptionArn } };
}

/** fauxqs delivers to queues only: other subscribers are served from a queue behind the topic. */
async function hiddenQueue(
  name: string,
  { topic, protocol, endpoint }: { topic: string; protocol: string; endpoint: string },
  cloud: Cloud,
): Promise<string> {
  // A name that SQS takes, and that no other subscription has.
  const queueName = `subscription-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
  const queueArn = await createQueue(cloud, queueName, { VisibilityTimeout: 43_200 });
  const { sqs, functions, eventSources, iam, onEvent } = cloud;
  const queueUrl = queueUrlOf(queueArn, cloud);
  const target = functions.get(endpoint);
  if (target) {
    const { name: functionName, deadLetterArn } = target;
    const options = {
      queueUrl,
      mayInvoke: () => mayInvoke(iam, "sns.amazonaws.com", topic, endpoint),
      ...(deadLetterArn !== undefined && {
        deadLetters: {
          queueUrl: queueUrlOf(deadLetterArn, cloud),
          sqs: cloud.sqsClientAs(functionName),
        },
      }),
    };
    eventSources.push(deliverToFunction(sqs, target, options, onEvent));
  } else {
    eventSources.push(announceOnly(sqs, queueUrl, protocol, onEvent));
  }
  return queueArn;
}
