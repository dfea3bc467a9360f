const TRIES = 3;
const MAX_TRY_MILLISECONDS = 2000;

/**
 * How long one try of a call may take: where AWS does not answer, all tries of one call end within half of
 * the function's timeout, so that the function can still say so.
 */
export function tryMilliseconds(timeoutSeconds: number): number {
  return Math.min(MAX_TRY_MILLISECONDS, Math.floor((timeoutSeconds * 1000) / 2 / TRIES));
}

/**
 * For a function with this timeout. `requestTimeout` ends with a response's headers: `socketTimeout` is for
 * a body that stalls. Nobody changes a client's middleware, so it is put together once a command.
 */
export function clientConfig(timeoutSeconds: number) {
  const milliseconds = tryMilliseconds(timeoutSeconds);
  return {
    maxAttempts: TRIES,
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: Math.floor(milliseconds / 2),
      requestTimeout: milliseconds,
      socketTimeout: milliseconds,
      throwOnRequestTimeout: true,
    },
  };
}
