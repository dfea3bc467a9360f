import { number, optional, string, type } from "superstruct";
import type { Iam } from "../iam/authorizer";
import { setResourcePolicy } from "../iam/resource-policy";
import { recordEncryptionKey } from "../kms/key";
import { defineProvider, type Provider } from "../program/provider";
import type { Queues } from "./queues";

/** Standard queues in fauxqs. */
export function queueProvider(iam: Iam, queues: Queues): Provider {
  return defineProvider({
    kept: { holds: "messages" },
    emulated: type({
      visibilityTimeoutSeconds: optional(number()),
      messageRetentionSeconds: optional(number()),
      delaySeconds: optional(number()),
      redrivePolicy: optional(string()),
      kmsMasterKeyId: optional(string()),
      policy: optional(string()),
    }),
    withoutEffect: ["kmsDataKeyReusePeriodSeconds", "redriveAllowPolicy", "sqsManagedSseEnabled"],
    async create(name, queue) {
      const arn = await queues.create(name, {
        VisibilityTimeout: queue.visibilityTimeoutSeconds,
        MessageRetentionPeriod: queue.messageRetentionSeconds,
        DelaySeconds: queue.delaySeconds,
        RedrivePolicy: queue.redrivePolicy,
      });
      recordEncryptionKey(iam, arn, queue.kmsMasterKeyId);
      if (queue.policy !== undefined) {
        setResourcePolicy(iam, arn, queue.policy, `the policy of the queue ${name}`);
      }
      const url = queues.urlOf(arn);
      return { id: url, outputs: { name, url, arn } };
    },
  });
}
