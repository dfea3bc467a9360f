const SECOND = 1000;
const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400 * SECOND],
  ["h", 3_600 * SECOND],
  ["min", 60 * SECOND],
  ["s", SECOND],
];

/** Milliseconds of an age such as `90min` or `90m`; undefined when it is none. */
export function parseAge(text: string): number | undefined {
  const [, count = "", unit] = /^(\d{1,6})(s|m(?:in)?|h|d)$/.exec(text) ?? [];
  const size = UNITS.find(([name]) => unit !== undefined && name.startsWith(unit))?.[1];
  return size === undefined ? undefined : Number(count) * size;
}

/** `2 h`: in the largest unit of which it has one, rounded down. */
export function formatAge(milliseconds: number): string {
  const whole = Math.max(0, milliseconds);
  const [unit, size] = UNITS.find(([, each]) => whole >= each) ?? ["s", SECOND];
  return `${Math.floor(whole / size)} ${unit}`;
}

/** Of what should be done at `at`: `in 4 min`, `overdue 2 h`. */
export function formatDue(at: number, now: number): string {
  return at > now ? `in ${formatAge(at - now)}` : `overdue ${formatAge(now - at)}`;
}
