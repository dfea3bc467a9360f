/** `until`: a Date, or what `new Date()` makes one of. */
export type WaitTime =
  { until: Date | string } | { days?: number; hours?: number; minutes?: number; seconds?: number };

const UNITS = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 };

/** In milliseconds since 1970; undefined where it is none. */
export function untilOf(time: WaitTime, now: Date): number | undefined {
  if ("until" in time) return validTime(new Date(time.until).getTime());
  const given = Object.entries(time).map(([unit, count]) => {
    const known = Object.entries(UNITS).find(([name]) => name === unit);
    return known && typeof count === "number" && count >= 0 ? known[1] * count : NaN;
  });
  const milliseconds = given.length === 0 ? NaN : given.reduce((sum, each) => sum + each, 0);
  return validTime(Math.ceil(now.getTime() + milliseconds));
}

function validTime(time: number): number | undefined {
  return Number.isNaN(new Date(time).getTime()) ? undefined : time;
}
