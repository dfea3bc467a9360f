/** API Gateway's throttle: `rate` requests per second on average, `burst` at once. */
export function makeTokenBucket(
  { rate, burst }: { rate: number; burst: number },
  now: () => number,
): { take(): boolean } {
  let tokens = burst;
  let filledAt = now();
  return {
    take() {
      const at = now();
      tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * rate);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
