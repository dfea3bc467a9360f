import { makeTokenBucket } from "./token-bucket";

export type QuotaPeriod = "DAY" | "WEEK" | "MONTH";

export interface UsagePlanLimits {
  throttle: { rate: number; burst: number } | undefined;
  quota: { limit: number; period: QuotaPeriod } | undefined;
}

/** API keys, and what each of them may use. */
export interface UsagePlan {
  /** `<api>/<stage>` that its keys are good for. */
  stages: string[];
  addKey(value: string): void;
  keys(): Iterable<string>;
  /** Undefined for a key that is none of its own. */
  use(key: string): "allowed" | "quota exceeded" | "throttled" | undefined;
}

/** A usage plan of API Gateway: throttle and quota count for each key on its own. */
export function makeUsagePlan(
  stages: string[],
  { throttle, quota }: UsagePlanLimits,
  now: () => number,
): UsagePlan {
  const keys = new Map<string, ReturnType<typeof makeKey>>();

  function makeKey() {
    const bucket = throttle && makeTokenBucket(throttle, now);
    let period = "";
    let used = 0;
    return () => {
      const current = quota ? periodOf(new Date(now()), quota.period) : "";
      if (current !== period) used = 0;
      period = current;
      if (quota && used >= quota.limit) return "quota exceeded";
      if (bucket && !bucket.take()) return "throttled";
      used += 1;
      return "allowed";
    };
  }

  return {
    stages,
    addKey: (value) => void keys.set(value, makeKey()),
    keys: () => keys.keys(),
    use: (key) => keys.get(key)?.(),
  };
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Names the period that a moment is in; they begin at midnight UTC, weeks on Sunday. */
function periodOf(at: Date, period: QuotaPeriod): string {
  if (period === "MONTH") return at.toISOString().slice(0, 7);
  const days = period === "WEEK" ? at.getUTCDay() : 0;
  return new Date(at.getTime() - days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}
