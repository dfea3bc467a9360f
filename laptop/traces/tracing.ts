import { type Items, makeItems } from "./items";
import { makeTracedMessages, type TracedMessages } from "./messages";
import { makeTraces, type Traces } from "./traces";

/** What the laptop remembers of what has happened in the stack: in memory, bounded, the oldest goes first. */
export interface Tracing {
  traces: Traces;
  messages: TracedMessages;
  items: Items;
}

export function makeTracing(): Tracing {
  const traces = makeTraces();
  return { traces, messages: makeTracedMessages(traces), items: makeItems(traces) };
}
