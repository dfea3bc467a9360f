import { string, type, unknown } from "superstruct";
import { type Account, arn } from "../account";
import type { Iam } from "../iam/authorizer";
import { setResourcePolicy } from "../iam/resource-policy";
import { defineProvider, type Provider } from "../program/provider";

export function queuePolicyProvider(account: Account, iam: Iam): Provider {
  return defineProvider({
    emulated: type({ queueUrl: string(), policy: unknown() }),
    create(name, { queueUrl, policy }) {
      const queueArn = arn(account, "sqs", queueUrl.slice(queueUrl.lastIndexOf("/") + 1));
      setResourcePolicy(iam, queueArn, policy, `the policy ${name}`);
      return { id: name, outputs: {}, dispose: () => void iam.resourcePolicies.delete(queueArn) };
    },
  });
}

/** Which queues may name another one as their dead-letter queue is not checked. */
export function redriveAllowPolicyProvider(): Provider {
  return defineProvider({
    emulated: type({}),
    withoutEffect: ["queueUrl", "redriveAllowPolicy"],
    create: (name) => ({ id: name, outputs: {} }),
  });
}
