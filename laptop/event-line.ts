import { inspect } from "node:util";
import type { LogEntry, StackEvent } from "./events";

/** One line for a person; undefined for what none needs to see. `at`: local time of day. */
export function eventLine(event: StackEvent, at: Date): string | undefined {
  const time = at.toTimeString().slice(0, 8);
  const text = eventText(event);
  return text === undefined ? undefined : `${time}  ${text}`;
}

function eventText(event: StackEvent): string | undefined {
  switch (event.kind) {
    case "request": {
      const { method, path, status, milliseconds } = event;
      return columns("request", `${method} ${path}`, `${status} in ${milliseconds} ms`);
    }
    case "invocation": {
      const { function: name, pid, milliseconds, error, log } = event;
      const result = error === undefined ? "" : `FAILED: ${error}`;
      const details = [result, ...log.map(logText)].filter((text) => text !== "").join("; ");
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
    case "outage": {
      const { service, seconds } = event;
      const what = seconds === undefined ? "is back" : `is down for ${seconds} s`;
      return columns("outage", `${service} ${what}`);
    }
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

function columns(kind: string, ...rest: string[]): string {
  return [kind.padEnd(12), ...rest].join("  ").trimEnd();
}

function logText({ level, message }: LogEntry): string {
  const text = typeof message === "object" && message !== null ? fields(message) : String(message);
  const oneLine = text.replaceAll(/\s+/g, (blank) => (blank.includes("\n") ? " ⏎ " : blank));
  return level === "INFO" ? oneLine : `${level} ${oneLine}`;
}

// A stack trace would fill the screen: the reason says what, a stack of minified code not where.
function fields(entry: object): string {
  const { message, stack: _stack, ...others } = entry as Record<string, unknown>;
  const pairs = Object.entries(others).map(([key, value]) => `${key}=${plain(value)}`);
  return [plain(message ?? ""), ...pairs].join(" ").trim();
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { breakLength: Infinity });
}
