import { is, record, string, unknown } from "superstruct";
import { parseJson } from "../../handlers/json";

export type Entry = Record<string, unknown>;

/** What Lambda and Powertools add to each entry. */
const BOOKKEEPING =
  /^(?:_aws|level|message|timestamp|time|service|cold_start|function_.*|requestId|xray_trace_id|sampling_rate)$/;

/** A line that is no JSON object is an entry with that message. */
export function parseEntry(line: string): Entry {
  const json = parseJson(line);
  return json.ok && is(json.value, record(string(), unknown())) ? json.value : { message: line };
}

/** Counts and times for CloudWatch, not for a reader. */
export function isMetrics(entry: Entry): boolean {
  return "_aws" in entry;
}

export function levelOf({ level }: Entry): string {
  return typeof level === "string" ? level : "INFO";
}

/** `order accepted  apiRequestId=…`; an error as `Name: message`. Without the fields that are left out. */
export function entryText(entry: Entry, leftOut: string[] = []): string {
  // Entries of Lambda itself have a type instead.
  const { message, type, ...others } = entry;
  const fields = Object.entries(message === undefined ? others : entry)
    .filter(([name]) => !BOOKKEEPING.test(name) && !leftOut.includes(name))
    .map(([name, value]) => `${name}=${name === "error" ? errorText(value) : textOf(value)}`);
  return [textOf(message ?? type ?? ""), ...fields].join("  ");
}

function errorText(error: unknown): string {
  if (!is(error, record(string(), unknown()))) return textOf(error);
  return `${textOf(error["name"] ?? "Error")}: ${textOf(error["message"] ?? "")}`;
}

/** On one line, and without what steers a terminal. */
function textOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
