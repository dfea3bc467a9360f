import type { GatewayResponseType } from "./apigateway/gateway-response";
import type { Service } from "./aws-call";
import type { AlarmStateValue } from "./cloudwatch/alarms";
import type { WatchEvent } from "./program/watch";

/**
 * What a function wrote to its log: by its console as a message of a level, or as a line of JSON with fields of
 * its own.
 */
export interface LogEntry {
  level: string;
  message: unknown;
  [field: string]: unknown;
}

/** What happens in a running stack, for its log and for tests. */
export type StackEvent =
  | {
      kind: "request";
      method: string;
      path: string;
      status: number;
      milliseconds: number;
      /** Undefined where the path is of no stage. */
      api: { name: string; stage: string } | undefined;
      madeBy: "function" | "gateway" | "modified-gateway-response";
      /** Of API Gateway's own responses. */
      errorType?: GatewayResponseType | undefined;
      /** Until the function's result; undefined where it was not invoked. */
      integrationMilliseconds: number | undefined;
    }
  | {
      kind: "invocation";
      function: string;
      requestId: string;
      pid: number;
      milliseconds: number;
      /** What went wrong; undefined when the handler returned. */
      error: string | undefined;
      log: LogEntry[];
      logGroup: string;
    }
  /** An invocation that Lambda has rejected: the function runs too often at a time. */
  | { kind: "throttled"; function: string }
  | { kind: "published"; subject: string; topic: string }
  | {
      kind: "notification";
      subject: string;
      topic: string;
      to: string;
      delivered: boolean;
      /** Why the subscriber's policy does not let SNS deliver it. */
      refusal?: string;
    }
  /** An alarm that has changed its state. */
  | {
      kind: "alarm";
      name: string;
      state: AlarmStateValue;
      previousState: AlarmStateValue;
      description: string;
      reason: string;
    }
  /** An issuer of tokens that this machine stands in for. */
  | { kind: "issuer"; issuer: string }
  /** A service goes down, or throttles all calls, for so many seconds; or is back. */
  | { kind: "outage"; service: Service; seconds?: number; throttled?: boolean }
  | WatchEvent
  | { kind: "warning"; text: string };

export type OnEvent = (event: StackEvent) => void;
