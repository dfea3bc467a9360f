import { randomBytes } from "node:crypto";

/** The HTTP header of X-Ray, as Node has it; a message's attribute and `_X_AMZN_TRACE_ID` have the same text. */
export const TRACE_HEADER = "x-amzn-trace-id";

/** What X-Ray's header says: of which trace something is, and which span has caused it. */
export interface TraceContext {
  /** Such as `1-65f0c0de-6f1e0b0d5a2f4c3b8e7d6a59`. */
  root: string;
  /** 16 hexadecimal digits. */
  parent?: string | undefined;
}

/** What a span hands on to what it causes. */
export function contextOf({ id, trace }: { id: string; trace: string }): TraceContext {
  return { root: trace, parent: id };
}

/** Of a trace that begins at this time. */
export function newRoot(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  return `1-${seconds.padStart(8, "0")}-${randomBytes(12).toString("hex")}`;
}

/** Sampled: the laptop keeps all traces, as long as it has room. */
export function formatTraceHeader({ root, parent }: TraceContext): string {
  return `Root=${root}${parent === undefined ? "" : `;Parent=${parent}`};Sampled=1`;
}

const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})(?:;|$)/i;

/** Undefined for what is no trace header. */
export function parseTraceHeader(header: unknown): TraceContext | undefined {
  if (typeof header !== "string") return undefined;
  const root = ROOT.exec(header)?.[1];
  return root === undefined ? undefined : { root, parent: PARENT.exec(header)?.[1] };
}
