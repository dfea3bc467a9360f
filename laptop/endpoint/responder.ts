import type { AwsCall } from "../aws-call";
import { isPoller } from "../iam/callers";
import { type AwsResponse, serverError, throttled } from "./errors";
import type { CountedCall, FaultKind, FaultPlan } from "./fault-injection";
import type { Reply } from "./reply";

/** A call that is to be performed and responded to. */
export interface Exchange {
  call: CountedCall;
  reply: Reply;
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
  const stalled = new Set<Reply>();
  return {
    async respond(exchange) {
      const { call, reply, perform } = exchange;
      const fault = isFromWorkload(call) ? faults?.(call) : undefined;
      if (!fault || (fault === "response-lost-once" && call.attempt > 1)) {
        reply.send(await perform());
      } else {
        onFault?.(call, fault);
        exchange.onFault(fault);
        await respondWithFault(fault, exchange, { kill, stalled });
      }
    },
    stop() {
      for (const reply of stalled) reply.close();
    },
  };
}

async function respondWithFault(
  fault: FaultKind,
  { call, reply, perform }: Exchange,
  { kill, stalled }: Pick<ResponderOptions, "kill"> & { stalled: Set<Reply> },
): Promise<void> {
  switch (fault) {
    case "throttled":
      reply.send(throttled(call.service));
      return;
    case "server-error":
      reply.send(serverError(call.service));
      return;
    case "response-lost":
    case "response-lost-once":
      await perform();
      reply.close();
      return;
    case "connection-reset":
      reply.close();
      return;
    case "stalled":
      stall(reply, await perform(), stalled);
      return;
    case "delayed":
      if (!reply.closed) await new Promise<void>((resolve) => reply.onClose(resolve));
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
function stall(reply: Reply, whole: AwsResponse, held: Set<Reply>): void {
  if (reply.closed) return;
  held.add(reply);
  reply.onClose(() => held.delete(reply));
  reply.sendHalf(whole);
}
