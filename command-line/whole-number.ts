/** The value of an option such as `--seed`. Throws a sentence when it is no whole number from 0 to `max`. */
export function wholeNumber(option: string, text: string, max = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? "whole number" : `number from 0 to ${max}`;
  throw new Error(`${option} takes a ${range}, not ${text}`);
}
