import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { AwsCall } from "../aws-call";
import { isPoller } from "../iam/callers";
import { type AwsResponse, serverError, throttled } from "./errors";
import type { CountedCall, FaultKind, FaultPlan } from "./fault-injection";

/** A call that is to be performed and responded to. */
export interface Exchange {
  call: CountedCall;
  response: ServerResponse;
  perform: () => Promise<AwsResponse>;
  /** Notified when a fault was injected. */
  onFault: (fault: FaultKind) => void;
}

export interface Responder {
  /** Performs and responds, or injects the fault that the plan has for the call. */
  respond: (exchange: Exchange) => Promise<void>;
  /** Closes the responses that a fault has left half sent. */
  stop(): void;
}

export interface ResponderOptions {
  faults?: FaultPlan | undefined;
  /** Notified of each try that a fault is injected into. */
  onFault?: ((call: CountedCall, fault: FaultKind) => void) | undefined;
  /** Kills the process that makes a call. */
  kill: (call: AwsCall) => Promise<void>;
}

export function makeResponder({ faults, onFault, kill }: ResponderOptions): Responder {
  const stalled = new Set<ServerResponse>();
  return {
    async respond(exchange) {
      const { call, response, perform } = exchange;
      const fault = isFromWorkload(call) ? faults?.(call) : undefined;
      if (!fault || (fault === "response-lost-once" && call.attempt > 1)) {
        send(response, await perform());
      } else {
        onFault?.(call, fault);
        exchange.onFault(fault);
        await respondWithFault(fault, exchange, { kill, stalled });
      }
    },
    stop() {
      for (const response of stalled) response.destroy();
    },
  };
}

async function respondWithFault(
  fault: FaultKind,
  { call, response, perform }: Exchange,
  { kill, stalled }: Pick<ResponderOptions, "kill"> & { stalled: Set<ServerResponse> },
): Promise<void> {
  switch (fault) {
    case "throttled":
      send(response, throttled(call.service));
      return;
    case "server-error":
      send(response, serverError(call.service));
      return;
    case "response-lost":
    case "response-lost-once":
      await perform();
      response.destroy();
      return;
    case "connection-reset":
      response.destroy();
      return;
    case "stalled":
      stall(response, await perform(), stalled);
      return;
    case "delayed":
      if (!response.closed) await once(response, "close");
      await perform();
      return;
    case "crash-before":
      return kill(call);
    case "crash-after":
      await perform();
      return kill(call);
  }
}

/** Not from whoever sets the stack up or looks at it from outside. */
function isFromWorkload({ caller, sandboxId }: AwsCall): boolean {
  return sandboxId !== undefined || isPoller(caller);
}

/** Half of a response: it is held until whoever waits for the rest gives up. */
function stall(response: ServerResponse, whole: AwsResponse, held: Set<ServerResponse>): void {
  if (response.closed) return;
  held.add(response);
  response.once("close", () => held.delete(response));
  const { "content-length": _length, ...headers } = whole.headers;
  writeHead(response, { ...whole, headers });
  response.flushHeaders();
  response.write(whole.body.subarray(0, whole.body.length / 2));
}

export function send(response: ServerResponse, whole: AwsResponse): void {
  writeHead(response, whole);
  response.end(whole.body);
}

function writeHead(response: ServerResponse, { status, headers }: AwsResponse): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== "transfer-encoding") response.setHeader(name, value);
  }
  response.statusCode = status;
}
