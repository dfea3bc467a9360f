import { integer, max, min, optional, string, type } from "superstruct";
import type { Account } from "../account";
import { defineProvider, type Provider } from "../program/provider";
import { DEFAULT_RETRY_POLICY } from "./asynchronous-invocation";
import type { Functions } from "./functions";
import { functionArnOf } from "./permission";

/** How a function's asynchronous events are retried. */
export function eventInvokeConfigProvider(
  account: Account,
  { retryPolicyByArn }: Pick<Functions, "retryPolicyByArn">,
): Provider {
  const { maximumRetryAttempts, maximumEventAgeInSeconds } = DEFAULT_RETRY_POLICY;
  return defineProvider({
    emulated: type({
      functionName: string(),
      maximumRetryAttempts: optional(max(min(integer(), 0), 2)),
      maximumEventAgeInSeconds: optional(max(min(integer(), 60), 21_600)),
    }),
    create(_name, { functionName, ...policy }) {
      const functionArn = functionArnOf(account, functionName);
      retryPolicyByArn.set(functionArn, {
        maximumRetryAttempts: policy.maximumRetryAttempts ?? maximumRetryAttempts,
        maximumEventAgeInSeconds: policy.maximumEventAgeInSeconds ?? maximumEventAgeInSeconds,
      });
      const dispose = () => void retryPolicyByArn.delete(functionArn);
      return { id: functionName, outputs: {}, dispose };
    },
  });
}
