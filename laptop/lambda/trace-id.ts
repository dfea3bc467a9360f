import { randomBytes } from "node:crypto";

/** A new trace of X-Ray, as `_X_AMZN_TRACE_ID` has it; not sampled, for nobody keeps it. */
export function newTraceId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  const random = (bytes: number) => randomBytes(bytes).toString("hex");
  return `Root=1-${seconds.padStart(8, "0")}-${random(12)};Parent=${random(8)};Sampled=0`;
}
