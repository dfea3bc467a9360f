import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./asynchronous-invocation";
import type { LambdaFunction } from "./execution-environments";

/** The stack's functions, and how their asynchronous events are retried. */
export interface Functions {
  byArn: Map<string, LambdaFunction>;
  retryPolicyByArn: Map<string, RetryPolicy>;
}

export function makeFunctions(): Functions {
  return { byArn: new Map(), retryPolicyByArn: new Map() };
}

/** The policy at the time of an event: a function's event invoke config is made after the function. */
export function retryPolicyOf(
  functionArn: string,
  { retryPolicyByArn }: Pick<Functions, "retryPolicyByArn">,
): RetryPolicy {
  return retryPolicyByArn.get(functionArn) ?? DEFAULT_RETRY_POLICY;
}
