import { randomUUID } from "node:crypto";
import type { LogEntry, OnEvent } from "../events";
import { type InvocationResult, type Sandbox, type SandboxSpec, startSandbox } from "./sandbox";

export interface LambdaFunction {
  readonly name: string;
  readonly timeoutMilliseconds: number;
  /** Runs the handler; a failure of whatever kind is a result, not an exception. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Kills one of its sandboxes, whatever it is at. */
  kill(sandboxId: string): Promise<void>;
  stop(): Promise<void>;
}

/** A function with its sandboxes: one event at a time each, more on demand, kept warm. */
export function makeLambdaFunction(
  name: string,
  spec: SandboxSpec,
  onEvent: OnEvent,
): LambdaFunction {
  const all = new Set<Sandbox>();
  const idle = new Set<Sandbox>();
  let stopped = false;

  function take(): Sandbox {
    for (const sandbox of all) if (!sandbox.alive) all.delete(sandbox);
    for (const sandbox of idle) {
      idle.delete(sandbox);
      if (sandbox.alive) return sandbox;
    }
    const sandbox = startSandbox(spec);
    all.add(sandbox);
    return sandbox;
  }

  return {
    name,
    timeoutMilliseconds: spec.timeoutMilliseconds,
    async invoke(event) {
      if (stopped) return { ok: false, error: "the stack has stopped" };
      const sandbox = take();
      const requestId = randomUUID();
      const log: LogEntry[] = [];
      const started = performance.now();
      const result = await sandbox.invoke(event, requestId, (entry) => log.push(entry));
      idle.add(sandbox);
      onEvent({
        kind: "invocation",
        function: name,
        requestId,
        pid: sandbox.pid,
        milliseconds: Math.round(performance.now() - started),
        error: result.ok ? undefined : result.error,
        log,
      });
      return result;
    },
    async kill(sandboxId) {
      await [...all].find(({ id }) => id === sandboxId)?.kill();
    },
    async stop() {
      stopped = true;
      await Promise.all([...all].map((sandbox) => sandbox.kill()));
    },
  };
}
