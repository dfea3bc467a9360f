import { dropOldest } from "../drop-oldest";
import type { WaitSpan } from "./span";
import { formatTraceHeader, type TraceContext } from "./trace-header";
import type { Traces } from "./traces";

/** Messages whose trace is remembered; of older ones it is forgotten. */
export const MAX_MESSAGES = 100_000;

/** The traces of messages, from when they are sent until they have been handled. */
export interface TracedMessages {
  /** A topic has taken a message; its subscribers get it. */
  published(messageId: string, context: TraceContext): void;
  /** A message begins to wait in a queue. */
  sent(queue: string, messageId: string, context: TraceContext): void;
  /** It has been received, for the n-th time. */
  received(queue: string, messageId: string): void;
  /** It was not handled, and waits until it is received again. */
  returned(queue: string, messageId: string): void;
  handled(messageId: string): void;
  /** Undefined where it was sent without a trace. */
  contextOf(messageId: string): TraceContext | undefined;
  /** AWSTraceHeader of a message. */
  headerOf(messageId: string): string | undefined;
  clear(): void;
}

interface TracedMessage {
  context: TraceContext;
  receives: number;
  wait: WaitSpan | undefined;
}

export function makeTracedMessages(traces: Traces): TracedMessages {
  const messages = new Map<string, TracedMessage>();

  function wait(queue: string, messageId: string, { context, receives }: TracedMessage): WaitSpan {
    const receive = receives + 1;
    return traces.begin("wait", context, { name: queue, queue, messageId, receive });
  }

  function remember(messageId: string, message: TracedMessage): void {
    messages.set(messageId, message);
    dropOldest(messages, MAX_MESSAGES);
  }

  const contextOf = (messageId: string) => messages.get(messageId)?.context;
  return {
    published(messageId, context) {
      remember(messageId, { context, receives: 0, wait: undefined });
    },
    sent(queue, messageId, context) {
      const message: TracedMessage = { context, receives: 0, wait: undefined };
      message.wait = wait(queue, messageId, message);
      remember(messageId, message);
    },
    received(queue, messageId) {
      const message = messages.get(messageId);
      if (!message) return;
      // Its time was over before whoever had it said so.
      message.wait ??= wait(queue, messageId, message);
      message.receives += 1;
      traces.end(message.wait);
      message.wait = undefined;
    },
    returned(queue, messageId) {
      const message = messages.get(messageId);
      if (message && !message.wait) message.wait = wait(queue, messageId, message);
    },
    handled: (messageId) => void messages.delete(messageId),
    contextOf,
    headerOf(messageId) {
      const context = contextOf(messageId);
      return context && formatTraceHeader(context);
    },
    clear: () => messages.clear(),
  };
}
