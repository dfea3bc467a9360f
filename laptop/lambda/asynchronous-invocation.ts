import type { Cause, LambdaFunction } from "./execution-environments";
import type { InvocationResult } from "./sandbox";

/** What happens to an asynchronous event that its function has failed on. */
export interface RetryPolicy {
  maximumRetryAttempts: number;
  /** Older than this, an event is not tried again. */
  maximumEventAgeInSeconds: number;
}

/** What Lambda does where no aws.lambda.FunctionEventInvokeConfig says otherwise. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maximumRetryAttempts: 2,
  maximumEventAgeInSeconds: 6 * 60 * 60,
};

/**
 * Gives a function an event that nobody waits for, as SNS and schedules do. Gives its last result.
 * Lambda pauses for one minute and then for two before it tries again; a laptop does not.
 */
export async function invokeAsynchronously(
  target: LambdaFunction,
  event: unknown,
  cause: Cause,
  { maximumRetryAttempts, maximumEventAgeInSeconds }: RetryPolicy,
  now: () => number = Date.now,
): Promise<InvocationResult> {
  const accepted = now();
  let result = await target.invoke(event, cause);
  for (let retries = 0; !result.ok && retries < maximumRetryAttempts; retries += 1) {
    if (now() - accepted > maximumEventAgeInSeconds * 1000) break;
    result = await target.invoke(event, cause);
  }
  return result;
}
