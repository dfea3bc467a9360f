const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Such as `7 ms`, `1.24 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < SECOND) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10 * SECOND) return `${(milliseconds / SECOND).toFixed(2)} s`;
  if (milliseconds < MINUTE) return `${(milliseconds / SECOND).toFixed(1)} s`;
  if (milliseconds < HOUR) return parts(milliseconds, MINUTE, "min", SECOND, "s");
  return parts(milliseconds, HOUR, "h", MINUTE, "min");
}

function parts(value: number, large: number, ofLarge: string, small: number, ofSmall: string) {
  const rest = Math.floor((value % large) / small);
  const first = `${Math.floor(value / large)} ${ofLarge}`;
  return rest === 0 ? first : `${first} ${rest} ${ofSmall}`;
}

/** Such as `now`, `12 s ago`. */
export function age(at: number, now: number): string {
  const seconds = Math.floor((now - at) / SECOND);
  return seconds < 1 ? "now" : `${duration(seconds * SECOND).replace(/\.\d+/, "")} ago`;
}

/** Local, with milliseconds. */
export function clock(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Narrow enough for the map: `1,234`, `12.3k`. */
export function short(count: number): string {
  return count < 10_000 ? count.toLocaleString("en") : `${(count / 1000).toFixed(1)}k`;
}

/** An attribute as text. Text that is JSON itself is indented, too. */
export function pretty(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value, undefined, 2);
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value;
  }
}

export type Tone = "ok" | "bad" | "open" | "quiet";

/** The console knows no program's statuses: it goes by the word. */
export function toneOf(status: string): Tone {
  if (/fail|reject|error|dead|declin|denied/i.test(status)) return "bad";
  if (/cancel|expire|delet|clos/i.test(status)) return "quiet";
  if (/complet|success|succeed|done|deliver|paid|accepted|active/i.test(status)) return "ok";
  return "open";
}

export function toneOfResponse(status: number): Tone {
  if (status >= 500) return "bad";
  return status >= 400 ? "open" : "ok";
}
