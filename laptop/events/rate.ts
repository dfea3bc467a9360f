const MILLISECONDS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Of a laptop; undefined when the expression is not a rate, such as AWS's `cron(…)` and `at(…)`. */
export function millisecondsOfRate(expression: string): number | undefined {
  // AWS has whole minutes, hours and days. Seconds, and parts of one, are for tests, which do not wait
  // for a minute: they put such a rate in the place of the program's own.
  const match = /^rate\((\d+(?:\.\d+)?) (second|minute|hour|day)s?\)$/.exec(expression);
  const [, value = "", unit = ""] = match ?? [];
  if (unit !== "second" && !/^\d+$/.test(value)) return undefined;
  const milliseconds = Number(value) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
  return milliseconds > 0 ? milliseconds : undefined;
}
