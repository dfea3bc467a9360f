import type { OnEvent } from "../events";
import type { Cause, LambdaFunction } from "../lambda/execution-environments";
import type { InvocationResult } from "../lambda/sandbox";
import type { GatewayResponseType } from "./gateway-response";
import { type HttpResponse, httpResponse } from "./http-response";

/** What Lambda accepts as the event of a synchronous invocation. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const TIMEOUT_MILLISECONDS = 29_000;
/** AWS's default quota of an account: Lambda rejects what is more, and API Gateway does not retry. */
export const CONCURRENT_INVOCATIONS = 1000;

/** Invokes a function, as long as Lambda's concurrency is not used up: its result, or why there is none. */
export type Invoke = (
  target: LambdaFunction,
  event: unknown,
  cause: Cause,
) => Promise<InvocationResult | "throttled" | "timeout">;

export function makeInvoke(onEvent: OnEvent): Invoke {
  let inFlight = 0;

  async function invoke(target: LambdaFunction, event: unknown, cause: Cause) {
    inFlight += 1;
    try {
      return await target.invoke(event, cause);
    } finally {
      inFlight -= 1;
    }
  }

  return async (target, event, cause) => {
    if (inFlight >= CONCURRENT_INVOCATIONS) {
      onEvent({ kind: "throttled", function: target.name });
      return "throttled";
    }
    return withinTimeout(invoke(target, event, cause));
  };
}

/** Invokes a route's function with an event: its response, or the error that API Gateway makes of it. */
export async function integrate(
  invoke: Invoke,
  target: LambdaFunction,
  event: unknown,
  cause: Cause,
): Promise<HttpResponse | GatewayResponseType> {
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES) return "REQUEST_TOO_LARGE";
  const result = await invoke(target, event, cause);
  if (result === "throttled") return "INTEGRATION_FAILURE";
  if (result === "timeout") return "INTEGRATION_TIMEOUT";
  return (result.ok && httpResponse(JSON.parse(result.json))) || "DEFAULT_5XX";
}

async function withinTimeout<T>(work: Promise<T>): Promise<T | "timeout"> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), TIMEOUT_MILLISECONDS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
