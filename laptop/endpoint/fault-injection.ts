import { createHash } from "node:crypto";
import type { AwsCall } from "../aws-call";
import { dropOldest } from "../drop-oldest";
import { isPoller } from "../iam/callers";

/**
 * What can go wrong with one call of a function to AWS:
 * - `throttled`, `server-error`, `connection-reset`: it does not happen, and fails at every try;
 * - `response-lost`: it happens at every try, and the connection breaks before the response;
 * - `response-lost-once`: the same for the first try only, so that a retry meets its own success;
 * - `stalled`: it happens at every try, and half of the response comes, then nothing any more;
 * - `delayed`: it happens only after the caller has given up waiting, or has crashed of it;
 * - `crash-before`, `crash-after`: the function's process is killed.
 */
export const FAULT_KINDS = [
  "throttled",
  "server-error",
  "connection-reset",
  "response-lost",
  "response-lost-once",
  "stalled",
  "delayed",
  "crash-before",
  "crash-after",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A call, counted: the n-th (from 1) of this function to this action; its retries are not counted. */
export interface CountedCall extends AwsCall {
  n: number;
  /** 1 for the first try, 2 and more for the SDK's retries. */
  attempt: number;
}

/** Decides on each try of each call whether it goes wrong. */
export type FaultPlan = (call: CountedCall) => FaultKind | undefined;

/** Faults at random: each call goes wrong with this probability. The same seed hits the same calls. */
export function chaos(rate: number, seed: number): FaultPlan {
  return ({ caller, service, action, n }) => {
    const hash = createHash("sha256").update([seed, caller, service, action, n].join("/")).digest();
    if (hash.readUInt32BE(0) / 2 ** 32 >= rate) return undefined;
    const kinds = FAULT_KINDS.filter((kind) => canHappenTo(caller, kind));
    return kinds[hash.readUInt32BE(4) % kinds.length];
  };
}

/** AWS's own pollers, which no process and no time limit ends, would wait for ever. */
const FUNCTIONS_ONLY: readonly FaultKind[] = ["stalled", "delayed", "crash-before", "crash-after"];

/** Only a function's process can crash or run out of time; AWS's own pollers just try again. */
export function canHappenTo(caller: string, kind: FaultKind): boolean {
  return !isPoller(caller) || !FUNCTIONS_ONLY.includes(kind);
}

/** What the first plan that knows of a fault says. */
export function firstOf(...plans: FaultPlan[]): FaultPlan {
  return (call) => {
    for (const plan of plans) {
      const fault = plan(call);
      if (fault) return fault;
    }
    return undefined;
  };
}

/** Retries come within seconds: calls older than this many are forgotten. */
const REMEMBERED_CALLS = 10_000;

/** Numbers calls as plans see them, by the id that the SDK keeps over its retries. */
export function makeCallCounter(): (call: AwsCall) => CountedCall {
  const counts = new Map<string, number>();
  const numbered = new Map<string, { n: number; attempt: number }>();
  return (call) => {
    const key = [call.caller, call.service, call.action].join("/");
    const known = numbered.get(call.invocationId);
    const n = known?.n ?? (counts.get(key) ?? 0) + 1;
    const attempt = (known?.attempt ?? 0) + 1;
    if (!known) counts.set(key, n);
    numbered.set(call.invocationId, { n, attempt });
    dropOldest(numbered, REMEMBERED_CALLS);
    return { ...call, n, attempt };
  };
}
