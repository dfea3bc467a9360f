import { CreateTopicCommand, type SNSClient } from "@aws-sdk/client-sns";
import { optional, string, type, unknown } from "superstruct";
import type { Iam } from "../iam/authorizer";
import { setResourcePolicy } from "../iam/resource-policy";
import { recordEncryptionKey } from "../kms/key";
import { defineProvider, type Provider } from "../program/provider";

/** Standard topics in fauxqs. */
export function topicProvider(iam: Iam, sns: SNSClient): Provider {
  return defineProvider({
    kept: { holds: "subscriptions" },
    emulated: type({ kmsMasterKeyId: optional(string()), policy: optional(string()) }),
    withoutEffect: ["displayName", "tracingConfig"],
    async create(name, { kmsMasterKeyId, policy }) {
      const { TopicArn: arn = "" } = await sns.send(new CreateTopicCommand({ Name: name }));
      recordEncryptionKey(iam, arn, kmsMasterKeyId);
      if (policy !== undefined) {
        setResourcePolicy(iam, arn, policy, `the policy of the topic ${name}`);
      }
      return { id: arn, outputs: { name, arn } };
    },
  });
}

export function topicPolicyProvider(iam: Iam): Provider {
  return defineProvider({
    emulated: type({ arn: string(), policy: unknown() }),
    create(name, { arn, policy }) {
      setResourcePolicy(iam, arn, policy, `the policy ${name}`);
      return { id: name, outputs: {}, dispose: () => void iam.resourcePolicies.delete(arn) };
    },
  });
}
