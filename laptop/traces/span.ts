/** Something that took time in a trace. Times are milliseconds since 1970, durations milliseconds. */
export type Span = RequestSpan | InvocationSpan | CallSpan | WaitSpan | DeliverySpan;

interface AnySpan {
  /** 16 hexadecimal digits. */
  id: string;
  /** The root of its trace; of the first one, where it is in several. */
  trace: string;
  /** Of the span that has caused it; undefined for the first one. */
  parent?: string;
  name: string;
  startedAt: number;
  /** Undefined while it goes on. */
  milliseconds?: number;
  /** In a few words; undefined when all went well. */
  trouble?: string;
}

export interface RequestSpan extends AnySpan {
  kind: "request";
  status?: number;
}

export interface InvocationSpan extends AnySpan {
  kind: "invocation";
  function: string;
  /** The node of the map that has invoked it, such as `queue:orders`. */
  source: string;
  requestId: string;
  pid: number;
  /** How long its execution environment took to start; undefined for a warm one. */
  coldMilliseconds?: number;
  /** How often its messages have been received; undefined where there are none. */
  receives?: number;
  log: LogLine[];
}

export interface LogLine {
  at: number;
  level: string;
  text: string;
}

/** A call of AWS, with all tries that the SDK made of it. */
export interface CallSpan extends AnySpan {
  kind: "call";
  service: string;
  action: string;
  resource: string;
  tries: Try[];
}

export interface Try {
  startedAt: number;
  milliseconds?: number;
  /** "ok", an error's code, an injected fault or "denied". */
  outcome: string;
}

/** A message waits in a queue, until it is received. */
export interface WaitSpan extends AnySpan {
  kind: "wait";
  queue: string;
  messageId: string;
  /** Which receive ends it: 1 is the first. */
  receive: number;
}

/** SNS hands a message to a subscriber. */
export interface DeliverySpan extends AnySpan {
  kind: "delivery";
  topic: string;
  /** The node of the map, such as `queue:audit`. */
  subscriber: string;
  delivered: boolean;
}
