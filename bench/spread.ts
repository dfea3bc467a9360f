/** Of some readings of the same thing: what is stated of them. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Of at least one reading. */
export function spreadOf(readings: readonly number[]): Spread {
  const sorted = readings.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const last = sorted.length - 1;
  return {
    median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2,
    min: at(0),
    max: at(last),
  };
}

/** The smallest of at least one reading that so many per cent of all are not above (nearest rank). */
export function percentile(readings: readonly number[], percent: number): number {
  const sorted = readings.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}
