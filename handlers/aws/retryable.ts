import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";

/** Node's own errors for an endpoint out of reach. */
const UNREACHABLE = ["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ENOTFOUND", "EPIPE", "ETIMEDOUT"];

/** Worth another try by the client: throttled, out of reach, timed out, or a fault of AWS's own. */
export function isRetryable(error: unknown): boolean {
  const failure = error as Parameters<typeof isServerError>[0] & { code?: string };
  return (
    isThrottlingError(failure) ||
    isTransientError(failure) ||
    isServerError(failure) ||
    UNREACHABLE.includes(failure.code ?? "")
  );
}
