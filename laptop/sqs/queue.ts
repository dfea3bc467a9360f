import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { create, number, optional, string, type } from "superstruct";
import { arn, queueUrlOf, type Cloud, type Resource } from "../cloud";
import { setResourcePolicy } from "../iam/resources";
import { encryptWith } from "../kms/key";

export async function makeQueue(name: string, inputs: unknown, cloud: Cloud): Promise<Resource> {
  const struct = type({
    visibilityTimeoutSeconds: optional(number()),
    messageRetentionSeconds: optional(number()),
    delaySeconds: optional(number()),
    redrivePolicy: optional(string()),
    kmsMasterKeyId: optional(string()),
    policy: optional(string()),
  });
  const queue = create(inputs, struct);
  const queueArn = await createQueue(cloud, name, {
    VisibilityTimeout: queue.visibilityTimeoutSeconds,
    MessageRetentionPeriod: queue.messageRetentionSeconds,
    DelaySeconds: queue.delaySeconds,
    RedrivePolicy: queue.redrivePolicy,
  });
  encryptWith(cloud, queueArn, queue.kmsMasterKeyId);
  if (queue.policy !== undefined) {
    setResourcePolicy(cloud, queueArn, queue.policy, `the policy of the queue ${name}`);
  }
  const url = queueUrlOf(queueArn, cloud);
  return { id: url, outputs: { name, url, arn: queueArn } };
}

/** Creates a queue and gives its ARN. Attributes that are undefined keep SQS's default. */
export async function createQueue(
  cloud: Cloud,
  QueueName: string,
  attributes: Record<string, string | number | undefined>,
): Promise<string> {
  const Attributes = Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
  await cloud.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return arn(cloud, "sqs", QueueName);
}
