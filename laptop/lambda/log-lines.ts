import type { Readable } from "node:stream";
import { is } from "superstruct";
import type { LogEntry } from "../events";
import { jsonObject } from "../json-object";

/** A line of a function's log. */
export interface LogLine {
  entry: LogEntry;
  /** As CloudWatch Logs keeps it: JSON. */
  text: string;
}

/**
 * What runtime.cjs writes between the function's own lines: an entry of its console, that it is ready for its first
 * event, or an invocation's result or error.
 */
const FRAME = /^([^\0]*)\0(console|ready|result|error) (.*)$/s;

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** Reads whole lines, and at the stream's end what is left without one. */
export function onEachLine(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream?.on("end", () => onLine(rest));
}

export interface ParsedLine {
  lines: LogLine[];
  /** What is no line of the log. */
  frame: Frame | undefined;
}

export interface Frame {
  kind: "ready" | "result" | "error";
  /** `<request id> <JSON>`, but where it is ready. */
  content: string;
}

/** Takes a line of a sandbox apart: JSON objects pass as they are, and other text becomes a message. */
export function parseLine(line: string, requestId: string, now: Date): ParsedLine {
  const [, before = line, kind, content = ""] = FRAME.exec(line) ?? [];
  const text = before.trim();
  const own = text === "" ? [] : [ownLine(text, requestId, now)];
  if (kind === "ready" || kind === "result" || kind === "error") {
    return { lines: own, frame: { kind, content } };
  }
  if (kind === undefined) return { lines: own, frame: undefined };
  const { level, message } = parseObject(content) ?? {};
  const entry = { level: String(level), message };
  return { lines: [...own, { entry, text: content }], frame: undefined };
}

function ownLine(text: string, requestId: string, now: Date): LogLine {
  const object = parseObject(text);
  if (object) {
    const { level = "INFO", message, ...fields } = object;
    return { entry: { level: String(level), message, ...fields }, text };
  }
  return messageLine("INFO", text, requestId, now);
}

/** An entry as Lambda's JSON log format has it. */
export function messageLine(level: string, message: string, requestId: string, now: Date): LogLine {
  const text = JSON.stringify({ timestamp: now.toISOString(), level, requestId, message });
  return { entry: { level, message }, text };
}

/** Lambda drops what is below a function's log level, also of lines that it has not written itself. */
export function isAtLeast(logLevel: string, { level }: LogEntry): boolean {
  const rank = LEVELS.indexOf(level.toUpperCase());
  return (rank < 0 ? LEVELS.indexOf("INFO") : rank) >= LEVELS.indexOf(logLevel);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return is(value, jsonObject) ? value : undefined;
  } catch {
    return undefined;
  }
}
