import type { LambdaFunction } from "./execution-environments";
import type { Answer } from "./sandbox";

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
 * Gives a function an event that nobody waits for, as SNS and schedules do. Gives its last answer.
 * Lambda pauses for one minute and then for two before it tries again; a laptop does not.
 */
export async function invokeAsynchronously(
  target: LambdaFunction,
  event: unknown,
  { maximumRetryAttempts, maximumEventAgeInSeconds }: RetryPolicy,
  now: () => number = Date.now,
): Promise<Answer> {
  const accepted = now();
  let answer = await target.invoke(event);
  for (let retries = 0; !answer.ok && retries < maximumRetryAttempts; retries += 1) {
    if (now() - accepted > maximumEventAgeInSeconds * 1000) break;
    answer = await target.invoke(event);
  }
  return answer;
}
