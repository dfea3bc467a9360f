import type { CallerPolicy } from "./authorizer-output";

/** A stage's policies of callers, by authorizer and token. */
export interface PolicyCache {
  /** Undefined where there is none, or no longer. */
  get(authorizer: string, token: string): CallerPolicy | undefined;
  /** Not kept at all for 0 seconds. */
  put(authorizer: string, token: string, policy: CallerPolicy, ttlSeconds: number): void;
}

/** `now`: milliseconds. */
export function makePolicyCache(now: () => number): PolicyCache {
  const entries = new Map<string, { policy: CallerPolicy; until: number }>();
  const keyOf = (authorizer: string, token: string) => JSON.stringify([authorizer, token]);
  return {
    get(authorizer, token) {
      const entry = entries.get(keyOf(authorizer, token));
      return entry && entry.until > now() ? entry.policy : undefined;
    },
    put(authorizer, token, policy, ttlSeconds) {
      // Oldest first: with each new token some that have expired go.
      for (const [key, { until }] of entries) {
        if (until > now()) break;
        entries.delete(key);
      }
      if (ttlSeconds === 0) return;
      const key = keyOf(authorizer, token);
      entries.delete(key);
      entries.set(key, { policy, until: now() + ttlSeconds * 1000 });
    },
  };
}
