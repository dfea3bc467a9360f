import { inspect } from "node:util";
import type { LogEntry, StackEvent } from "./events";
import { troubleOf } from "./trouble";

/** The colour that a text has in a terminal. */
export type Paint = (colour: "dim" | "green" | "red" | "yellow", text: string) => string;

const KIND_WIDTH = 12;

/** One line for a person; undefined for what none needs to see. `at`: local time of day. */
export function eventLine(
  event: StackEvent,
  at: Date,
  paint: Paint = (_colour, text) => text,
): string | undefined {
  const text = eventText(event);
  if (text === undefined) return undefined;
  const time = paint("dim", at.toTimeString().slice(0, 8));
  const line = oneLine(text);
  const colour = { failure: "red", warning: "yellow", end: "green" } as const;
  const trouble = troubleOf(event);
  if (trouble) return `${time}  ${paint(colour[trouble], line)}`;
  return `${time}  ${paint("dim", line.slice(0, KIND_WIDTH))}${line.slice(KIND_WIDTH)}`;
}

/** Logs have texts from outside: none of them moves the cursor, or paints the screen. */
export function oneLine(text: string): string {
  const flat = text.replaceAll(/\r?\n\s*/g, " ⏎ ").replaceAll("\t", " ");
  return flat.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** By the type of a gateway response: who has refused a request, where that is an authorizer. */
const OF_AUTHORIZER: Readonly<Record<string, string>> = {
  UNAUTHORIZED: "not authorised (no valid token)",
  ACCESS_DENIED: "not authorised (denied by the authorizer's policy)",
  AUTHORIZER_FAILURE: "the authorizer could not be invoked",
  AUTHORIZER_CONFIGURATION_ERROR: "the authorizer failed",
};

/** More than these are counted. */
const MAX_NAMED = 5;

function eventText(event: StackEvent): string | undefined {
  switch (event.kind) {
    case "request": {
      const { method, path, status, milliseconds, errorType = "" } = event;
      const response = `${status} in ${milliseconds} ms`;
      return columns("request", `${method} ${path}`, response, OF_AUTHORIZER[errorType] ?? "");
    }
    case "invocation": {
      const { function: name, pid, milliseconds, error, log } = event;
      const result = error === undefined ? "" : `FAILED: ${error}`;
      const details = [result, ...log.filter(isForPeople).map(logText)]
        .filter((text) => text !== "")
        .join("; ");
      return columns("invocation", `${name} (pid ${pid})`, `${milliseconds} ms  ${details}`);
    }
    case "throttled":
      return columns("throttled", event.function);
    case "published":
      return columns("published", event.subject, `→ ${event.topic}`);
    case "notification": {
      const { subject, to, delivered, refusal = "not sent from a laptop" } = event;
      return columns("notification", subject, delivered ? `→ ${to}` : `→ ${to} (${refusal})`);
    }
    case "alarm":
      return alarmText(event);
    case "issuer":
      return columns("issuer", event.issuer, "served by this machine; tokens: npm run token");
    case "outage": {
      const { service, seconds, throttled = false } = event;
      const how = throttled ? "throttles all calls" : "is down";
      const what = seconds === undefined ? "is back" : `${how} for ${seconds} s`;
      return columns("outage", `${service} ${what}`);
    }
    case "watch":
      return columns("watch", `${event.files.join(", ")}: ${watchText(event)}`);
    case "warning":
      return columns("warning", event.text);
  }
}

/** Who starts a stack need not read of each alarm that all is well. */
function alarmText(event: Extract<StackEvent, { kind: "alarm" }>): string | undefined {
  const { name, state, previousState, description, reason } = event;
  if (state === "ALARM") return columns("ALARM", `${name}: ${description} (${reason})`);
  return state === "OK" && previousState === "ALARM" ? columns("OK", name) : undefined;
}

function watchText(event: Extract<StackEvent, { kind: "watch" }>): string {
  if ("failure" in event) {
    const reason = event.failure.replaceAll(/\n +at .*/g, "").trimEnd();
    return `not taken over, and all goes on as it was: ${reason}`;
  }
  const { live, gone } = event.changes;
  const changes = [
    ...(live.length > 0 ? [`${listed(live)} live`] : []),
    ...(gone.length > 0 ? [`${listed(gone)} deleted`] : []),
  ];
  const after = `after ${event.milliseconds.toLocaleString("en")} ms`;
  return `${changes.length > 0 ? changes.join(", ") : "nothing to change"} ${after}`;
}

function listed(names: string[]): string {
  return names.length > MAX_NAMED ? `${names.length} resources` : names.join(", ");
}

function columns(kind: string, ...rest: string[]): string {
  return [kind.padEnd(KIND_WIDTH), ...rest].join("  ").trimEnd();
}

/** Metrics in CloudWatch's embedded metric format are log entries too. */
export function isForPeople(entry: LogEntry): boolean {
  return !("_aws" in entry);
}

function logText(entry: LogEntry): string {
  return entry.level === "INFO" ? plainText(entry) : `${entry.level} ${plainText(entry)}`;
}

/** A log entry on one line, without its level. */
export function plainText({ level: _level, message, ...others }: LogEntry): string {
  const own = isObject(message) ? { ...message, ...others } : { message, ...others };
  return fields(own).replaceAll(/\s+/g, (blank) => (blank.includes("\n") ? " ⏎ " : blank));
}

/** What the field's logger adds to each entry. A stack would fill the screen, and be one of minified code. */
const LEFT_OUT = new Set([
  "timestamp",
  "service",
  "cold_start",
  "function_arn",
  "function_memory_size",
  "function_name",
  "function_request_id",
  "xray_trace_id",
  "sampling_rate",
  "stack",
]);

function fields({ message, ...others }: Record<string, unknown>): string {
  const pairs = Object.entries(others)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => `${key}=${key === "error" ? errorText(value) : plain(value)}`);
  return [plain(message ?? ""), ...pairs].join(" ").trim();
}

function errorText(error: unknown): string {
  if (!isObject(error)) return plain(error);
  const { name, message } = error as Record<string, unknown>;
  return `${plain(name)}: ${plain(message)}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { breakLength: Infinity });
}
