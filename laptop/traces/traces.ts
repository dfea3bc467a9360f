import { dropOldest } from "../drop-oldest";
import type { Span } from "./span";
import { newRoot, type TraceContext } from "./trace-header";

/** Traces that are remembered; the oldest ones go first. */
export const MAX_TRACES = 1_000;
/** Of one trace; later ones are not recorded. */
export const MAX_SPANS = 500;

/** A trace as it is recorded. */
export interface RecordedTrace {
  id: string;
  /** By the time at which they began; a span of several messages is in the trace of each. */
  spans: Span[];
  /** Items that were written in it: each once, as JSON of table and key. */
  items: Set<string>;
  /** Counts up over all traces, at each change. */
  changed: number;
}

type SpanOf<K extends Span["kind"]> = Extract<Span, { kind: K }>;
type Details<K extends Span["kind"]> = Omit<
  SpanOf<K>,
  "kind" | "id" | "trace" | "parent" | "startedAt"
>;

/** What happens in the stack, by the trace headers that its services pass on. Nothing is written down. */
export interface Traces {
  /** Starts a span in a trace, or in those of all messages that it is about; in a new one for undefined. */
  begin<K extends Span["kind"]>(
    kind: K,
    contexts: TraceContext | readonly TraceContext[] | undefined,
    details: Details<K>,
  ): SpanOf<K>;
  /** Ends one; a span may be ended again, later. */
  end(span: Span, trouble?: string): void;
  find(spanId: string | undefined): Span | undefined;
  wroteItem(context: TraceContext, item: string): void;
  get(traceId: string): RecordedTrace | undefined;
  /** Oldest first. */
  all(): Iterable<RecordedTrace>;
  /** The greatest `changed` of all. */
  readonly changes: number;
  clear(): void;
  /** `onSpan` gets each span when it begins, with the one that caused it. */
  watch(onSpan: (span: Span, parent: Span | undefined) => void): void;
}

interface Recorded {
  span: Span;
  traces: RecordedTrace[];
  /** By the clock that knows no leaps. */
  begun: number;
}

export function makeTraces(): Traces {
  const traces = new Map<string, RecordedTrace>();
  const recorded = new Map<string, Recorded>();
  const watchers: ((span: Span, parent: Span | undefined) => void)[] = [];
  let changes = 0;
  let spans = 0;

  function touch(trace: RecordedTrace): void {
    trace.changed = changes += 1;
  }

  function traceOf(id: string): RecordedTrace {
    const known = traces.get(id);
    if (known) return known;
    const trace: RecordedTrace = { id, spans: [], items: new Set(), changed: 0 };
    traces.set(id, trace);
    const oldest = dropOldest(traces, MAX_TRACES)?.[1];
    for (const { id: spanId } of oldest?.spans ?? []) recorded.delete(spanId);
    return trace;
  }

  return {
    begin<K extends Span["kind"]>(
      kind: K,
      contexts: TraceContext | readonly TraceContext[] = { root: newRoot(new Date()) },
      details: Details<K>,
    ) {
      const all = [contexts].flat();
      const parentId = all.length === 1 ? all[0]?.parent : undefined;
      const parent = recorded.get(parentId ?? "");
      const of = parent?.traces ?? [...new Set(all.map(({ root }) => root))].map(traceOf);
      const id = (spans += 1).toString(16).padStart(16, "0");
      const trace = all[0]?.root ?? "";
      const startedAt = Date.now();
      const begun = {
        kind,
        id,
        trace,
        startedAt,
        ...(parentId && { parent: parentId }),
        ...details,
      } as unknown as SpanOf<K>;
      const withRoom = of.filter((each) => each.spans.length < MAX_SPANS);
      for (const each of withRoom) {
        each.spans.push(begun);
        touch(each);
      }
      if (withRoom.length > 0) {
        recorded.set(id, { span: begun, traces: of, begun: performance.now() });
      }
      for (const onSpan of watchers) onSpan(begun, parent?.span);
      return begun;
    },
    end(span, trouble) {
      const known = recorded.get(span.id);
      if (!known) return;
      span.milliseconds = Math.round((performance.now() - known.begun) * 10) / 10;
      if (trouble !== undefined) span.trouble = trouble;
      known.traces.forEach(touch);
    },
    find: (spanId) => recorded.get(spanId ?? "")?.span,
    wroteItem({ root, parent }, item) {
      for (const trace of recorded.get(parent ?? "")?.traces ?? [traceOf(root)]) {
        trace.items.add(item);
      }
    },
    get: (traceId) => traces.get(traceId),
    all: () => traces.values(),
    get changes() {
      return changes;
    },
    clear() {
      traces.clear();
      recorded.clear();
    },
    watch: (onSpan) => void watchers.push(onSpan),
  };
}
