import type { Service } from "./aws-call";

/** Something that a function wrote to its log, as Lambda's JSON log format has it. */
export interface LogEntry {
  level: string;
  message: unknown;
}

/** What happens in a running stack, for its log and for tests. */
export type StackEvent =
  | { kind: "request"; method: string; path: string; status: number; milliseconds: number }
  | {
      kind: "invocation";
      function: string;
      requestId: string;
      pid: number;
      milliseconds: number;
      /** What went wrong; undefined when the handler returned. */
      error: string | undefined;
      log: LogEntry[];
    }
  | { kind: "published"; subject: string; topic: string }
  | { kind: "notification"; subject: string; to: string; delivered: boolean }
  /** A service goes down for so many seconds, or is back. */
  | { kind: "outage"; service: Service; seconds?: number }
  | { kind: "warning"; text: string };

export type OnEvent = (event: StackEvent) => void;
