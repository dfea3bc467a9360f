import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./asynchronous-invocation";
import type { LambdaFunction } from "./execution-environments";

/** A function's settings, in Lambda's words. */
export interface FunctionConfiguration {
  FunctionName: string;
  FunctionArn: string;
  Handler: string;
  /** Seconds. */
  Timeout: number;
  /** Megabytes. */
  MemorySize: number;
  Environment: { Variables: Record<string, string> };
  LoggingConfig: { LogFormat: "JSON"; LogGroup: string; ApplicationLogLevel?: string };
  LastModified: string;
  State: "Active";
}

/** The stack's functions, and how their asynchronous events are retried. */
export interface Functions {
  byArn: Map<string, LambdaFunction>;
  configurations: Map<string, FunctionConfiguration>;
  retryPolicyByArn: Map<string, RetryPolicy>;
}

export function makeFunctions(): Functions {
  return { byArn: new Map(), configurations: new Map(), retryPolicyByArn: new Map() };
}

/** The policy at the time of an event: a function's event invoke config is made after the function. */
export function retryPolicyOf(
  functionArn: string,
  { retryPolicyByArn }: Pick<Functions, "retryPolicyByArn">,
): RetryPolicy {
  return retryPolicyByArn.get(functionArn) ?? DEFAULT_RETRY_POLICY;
}
