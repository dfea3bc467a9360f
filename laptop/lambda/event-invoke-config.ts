import { create, integer, max, min, optional, string, type } from "superstruct";
import { arn, type Cloud, type Resource } from "../cloud";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./asynchronous-invocation";

const struct = type({
  functionName: string(),
  maximumRetryAttempts: optional(max(min(integer(), 0), 2)),
  maximumEventAgeInSeconds: optional(max(min(integer(), 60), 21_600)),
});

const NOT_EMULATED = ["destinationConfig", "qualifier"];

/** An aws.lambda.FunctionEventInvokeConfig: how a function's asynchronous events are tried again. */
export function makeEventInvokeConfig(name: string, inputs: unknown, cloud: Cloud): Resource {
  const { functionName, ...policy } = create(inputs, struct);
  for (const key of NOT_EMULATED.filter((each) => each in policy)) {
    const text = `the event invoke config ${name} has ${key}, which is not emulated on a laptop`;
    cloud.onEvent({ kind: "warning", text });
  }
  const { maximumRetryAttempts, maximumEventAgeInSeconds } = DEFAULT_RETRY_POLICY;
  cloud.retryPolicies.set(functionArnOf(functionName, cloud), {
    maximumRetryAttempts: policy.maximumRetryAttempts ?? maximumRetryAttempts,
    maximumEventAgeInSeconds: policy.maximumEventAgeInSeconds ?? maximumEventAgeInSeconds,
  });
  return { id: functionName, outputs: {} };
}

/** The one that is set when an event comes: a function's config is made after the function. */
export function retryPolicyOf(
  functionArn: string,
  { retryPolicies }: Pick<Cloud, "retryPolicies">,
): RetryPolicy {
  return retryPolicies.get(functionArn) ?? DEFAULT_RETRY_POLICY;
}

function functionArnOf(nameOrArn: string, cloud: Cloud): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arn(cloud, "lambda", `function:${nameOrArn}`);
}
