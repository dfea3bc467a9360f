import type { QueueSample } from "../cloudwatch/observer";
import { eventLine } from "../event-line";
import type { StackEvent } from "../events";
import type { Span } from "../traces/span";
import type { Traces } from "../traces/traces";
import type { QueueState, TerminalLine } from "./protocol";

/** Lines of the terminal that are remembered. */
export const MAX_LINES = 500;
/** Of a function, the durations that its median is of. */
const MAX_DURATIONS = 100;

/** What a function has done since the start. */
export interface FunctionActivity {
  invocations: number;
  errors: number;
  coldStarts: number;
  /** Of the latest invocations. */
  durations: number[];
}

/** Counts what happens in the stack; what it costs is no more than that. */
export interface Activity {
  event(event: StackEvent): void;
  queues(samples: readonly QueueSample[]): void;
  of(functionName: string): FunctionActivity;
  readonly queueStates: QueueState[];
  /** By edge of the map, `${from}→${to}`. */
  readonly flows: ReadonlyMap<string, { count: number; changed: number }>;
  /** The greatest `changed`. */
  readonly flowChanges: number;
  /** Lines after the n-th of all; and how many there have been. */
  linesAfter(n: number): { lines: TerminalLine[]; count: number };
}

export function makeActivity(traces: Traces): Activity {
  const functions = new Map<string, FunctionActivity & { pids: Set<number> }>();
  const flows = new Map<string, { count: number; changed: number }>();
  const events: { at: number; event: StackEvent }[] = [];
  let eventCount = 0;
  let flowChanges = 0;
  let queueStates: QueueState[] = [];

  function activityOf(name: string) {
    const known = functions.get(name);
    if (known) return known;
    const fresh = {
      invocations: 0,
      errors: 0,
      coldStarts: 0,
      durations: [],
      pids: new Set<number>(),
    };
    functions.set(name, fresh);
    return fresh;
  }

  traces.watch((span, parent) => {
    const edge = edgeOf(span, parent);
    if (edge === undefined) return;
    flowChanges += 1;
    flows.set(edge, { count: (flows.get(edge)?.count ?? 0) + 1, changed: flowChanges });
  });

  return {
    event(event) {
      events.push({ at: Date.now(), event });
      eventCount += 1;
      if (events.length > MAX_LINES) events.shift();
      if (event.kind !== "invocation") return;
      const activity = activityOf(event.function);
      activity.invocations += 1;
      if (event.error !== undefined) activity.errors += 1;
      if (!activity.pids.has(event.pid)) activity.coldStarts += 1;
      activity.pids.add(event.pid);
      activity.durations.push(event.milliseconds);
      if (activity.durations.length > MAX_DURATIONS) activity.durations.shift();
    },
    queues(samples) {
      queueStates = samples.map(({ name, visible, notVisible, delayed, ageSeconds }) => ({
        ...{ name, waiting: visible, inFlight: notVisible, delayed },
        oldestSeconds: Math.round(ageSeconds),
      }));
    },
    of: activityOf,
    get queueStates() {
      return queueStates;
    },
    flows,
    get flowChanges() {
      return flowChanges;
    },
    linesAfter(n) {
      const fresh = events.slice(Math.max(0, events.length - (eventCount - n)));
      return {
        lines: fresh.flatMap(({ at, event }) => terminalLine(event, at)),
        count: eventCount,
      };
    },
  };
}

function terminalLine(event: StackEvent, at: number): TerminalLine[] {
  const line = eventLine(event, new Date(at));
  if (line === undefined) return [];
  const text = line.slice(10);
  return [{ at, kind: text.slice(0, 12).trim(), text: text.slice(12).trim() }];
}

const NODES: Readonly<Record<string, string>> = { dynamodb: "table", sqs: "queue", sns: "topic" };

/** The edge of the map over which a span goes. What a topic causes is counted by its delivery. */
function edgeOf(span: Span, parent: Span | undefined): string | undefined {
  switch (span.kind) {
    case "invocation":
      return span.source.startsWith("topic:")
        ? undefined
        : `${span.source}→function:${span.function}`;
    case "call": {
      const node = NODES[span.service];
      return node !== undefined && parent?.kind === "invocation"
        ? `function:${parent.function}→${node}:${span.resource}`
        : undefined;
    }
    case "delivery":
      return `topic:${span.topic}→${span.subscriber}`;
    case "request":
    case "wait":
      return undefined;
  }
}
