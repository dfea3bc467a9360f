import type { LogLine, Span } from "../traces/span";

export type * from "../traces/span";

// What the console's page and the laptop say to each other. Times are milliseconds since 1970, durations milliseconds.

/** Below it the console is served: its page, and what the page asks for at `${CONSOLE}/api/…`. */
export const CONSOLE = "/_console";

/** What changes something needs this header, which no form of another page can send. */
export const CONSOLE_HEADER = "x-laptop-console";

/** `GET api/stack`: what does not change while the stack runs, but for a program under --watch. */
export interface StackDescription {
  project: string;
  stack: string;
  /** What the program exports, as text. */
  outputs: Record<string, string>;
  map: StackMap;
  /** Of the contract that package.json names under laptop.openapi: what can be tried. */
  requests: ExampleRequest[];
  hasContract: boolean;
  /** Of package.json, laptop.commands. */
  commands: ProgramCommand[];
  /** How many of each are remembered, before the oldest are forgotten. */
  limits: { traces: number; items: number; writesOfItem: number; lines: number };
}

export interface StackMap {
  nodes: MapNode[];
  edges: MapEdge[];
}

export type NodeKind = "api" | "function" | "queue" | "topic" | "table" | "schedule" | "subscriber";

export interface MapNode {
  /** Such as `function:create-order`. */
  id: string;
  kind: NodeKind;
  name: string;
}

/** Drawn in the direction in which requests and messages go. */
export interface MapEdge {
  /** `${from}→${to}` */
  id: string;
  from: string;
  to: string;
  /** Such as `POST /orders` or `PutItem, UpdateItem`. */
  label: string;
}

export interface ExampleRequest {
  /** Such as "Place an order". */
  title: string;
  method: string;
  /** With the API's own path parameters in braces: `/orders/{orderId}`. */
  path: string;
  headers: Record<string, string>;
  /** JSON, indented; undefined where the request has none. */
  body?: string;
}

export interface ProgramCommand {
  name: string;
  title: string;
  /** As it would be typed. */
  command: string;
}

/** An event named `update` of `GET api/updates`, an SSE stream: all that has changed since the last one. */
export interface Update {
  /** Forget everything: what follows is all there is. */
  fresh: boolean;
  at: number;
  functions: FunctionState[];
  queues: QueueState[];
  /** How often something went over an edge of the map, since the start; those that changed. */
  flows: { edge: string; count: number }[];
  /** All of them, also the ones that did not change. */
  outages: OutageState[];
  alarms: AlarmState[];
  /** New or changed ones, newest first, the newest 100 at most. */
  traces: TraceSummary[];
  items: ItemSummary[];
  /** New lines of the terminal, oldest first. */
  lines: TerminalLine[];
}

export interface FunctionState {
  name: string;
  environments: EnvironmentState[];
  invocations: number;
  errors: number;
  coldStarts: number;
  /** Of the latest 100 invocations. */
  medianMilliseconds?: number;
  maxMilliseconds?: number;
}

export interface EnvironmentState {
  pid: number;
  busy: boolean;
  startedAt: number;
}

export interface QueueState {
  name: string;
  waiting: number;
  inFlight: number;
  delayed: number;
  oldestSeconds: number;
}

export interface OutageState {
  service: string;
  kind: OutageKind;
  until: number;
}

export type OutageKind = "cut-off" | "throttled";

export interface AlarmState {
  name: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  description: string;
  reason: string;
}

export interface TerminalLine {
  at: number;
  kind: string;
  text: string;
}

export interface TraceSummary {
  /** Of X-Ray: `1-65f0c0de-…`. */
  id: string;
  /** Of what it began with: `POST /dev/orders`, or an invocation by a schedule. */
  name: string;
  startedAt: number;
  /** To the end of its last span. */
  milliseconds: number;
  /** Of spans. */
  spans: number;
  /** Something in it was throttled, denied, lost, or failed, or logged an error. */
  troubled: boolean;
  /** Of its request. */
  status?: number;
  /** Something in it is still going on. */
  open: boolean;
}

/** `GET api/traces/{id}` */
export interface Trace extends TraceSummary {
  /** By the time at which they began. */
  timeline: Span[];
  /** Items that were written in it. */
  items: { table: string; id: string }[];
}

export interface ItemSummary {
  table: string;
  /** Values of the key, each encoded as in a URL, with a slash between. */
  id: string;
  key: Record<string, string>;
  changedAt: number;
  writes: number;
  deleted: boolean;
  /** Its `status`, where it has such an attribute. */
  status?: string;
}

/** `GET api/items/{table}/{id}` */
export interface Item extends ItemSummary {
  /** As plain JSON; numbers as text, as DynamoDB has them. Empty where it was deleted. */
  attributes: Record<string, unknown>;
  /** Oldest first. */
  history: Write[];
  /** Newest first. */
  traces: TraceSummary[];
}

export interface Write {
  at: number;
  action: string;
  /** The function, or who else wrote it. */
  by: string;
  /** Its invocation. */
  requestId?: string;
  pid?: number;
  receives?: number;
  trace?: string;
  changes: Change[];
}

export interface Change {
  attribute: string;
  /** Undefined where there was none. */
  before?: unknown;
  after?: unknown;
}

/** `GET api/queues/{name}/messages`: the first 20 of each kind, without receiving them. */
export interface QueueMessage {
  messageId: string;
  state: "waiting" | "in flight" | "delayed";
  body: string;
  sentAt: number;
  receives: number;
  /** When it can be received; undefined where it can be now. */
  visibleAt?: number;
  trace?: string;
}

/** `GET api/functions/{name}/log`: its last 100 lines. */
export type FunctionLog = LogLine[];

/** `GET api/items?table=…&search=…`: the newest 100 whose key contains the text. `GET api/traces?search=…`: by id or name. */
export type ItemList = ItemSummary[];
export type TraceList = TraceSummary[];

// POST api/outages { service, kind, seconds } · DELETE api/outages/{service}
// POST api/kill { function, pid } · POST api/reset {} · POST api/commands/{name} {} → CommandResult
export interface CommandResult {
  exitCode: number;
  output: string;
}

/** Of each response that is not a success. */
export interface ConsoleError {
  message: string;
}
