import type { AwsCall } from "../aws-call";
import { dropOldest } from "../drop-oldest";
import type { CallSpan, Try } from "./span";
import type { TraceContext } from "./trace-header";
import type { Traces } from "./traces";

/** The SDK's retries come within seconds: earlier calls are forgotten. */
const MAX_CALLS = 10_000;

/** A try of a call that carries a trace header. `outcome` may be set until it has ended. */
export interface TracedCall {
  outcome: string;
  end(): void;
}

/** What is no trouble: a try that was performed, and a refused condition, which is an answer. */
const EXPECTED = ["ok", "ConditionalCheckFailedException"];

/** Spans of calls to AWS; the SDK's tries of one call are one span. */
export function makeTracedCalls(
  traces: Traces,
): (context: TraceContext, call: AwsCall) => TracedCall {
  const spans = new Map<string, CallSpan>();

  function spanOf(context: TraceContext, call: AwsCall): CallSpan {
    const { service, action, resource, invocationId } = call;
    const known = spans.get(invocationId);
    if (known) return known;
    const name = `${service} ${action}`;
    const details = { name, service, action, resource, tries: [] };
    const span = traces.begin("call", context, details);
    spans.set(invocationId, span);
    dropOldest(spans, MAX_CALLS);
    return span;
  }

  return (context, call) => {
    const span = spanOf(context, call);
    delete span.milliseconds;
    const begun = performance.now();
    const attempt: Try = { startedAt: Date.now(), outcome: "" };
    span.tries.push(attempt);
    const traced: TracedCall = {
      outcome: "ok",
      end() {
        attempt.milliseconds = Math.round((performance.now() - begun) * 10) / 10;
        attempt.outcome = traced.outcome;
        const troubles = span.tries.map(({ outcome }) => outcome).filter(isTrouble);
        traces.end(span, troubles.length > 0 ? [...new Set(troubles)].join(", ") : undefined);
      },
    };
    return traced;
  };
}

function isTrouble(outcome: string): boolean {
  return outcome !== "" && !EXPECTED.includes(outcome);
}
