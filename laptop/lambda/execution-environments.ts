import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { LogEvent } from "../cloudwatch/log-groups";
import type { LogEntry, OnEvent } from "../events";
import { unpack } from "./archive";
import { messageLine } from "./log-lines";
import { type InvocationResult, type Sandbox, type SandboxSpec, startSandbox } from "./sandbox";
import { newTraceId } from "./trace-id";

export interface LambdaFunction {
  readonly name: string;
  readonly timeoutMilliseconds: number;
  /** Runs the handler; a failure of whatever kind is a result, not an exception. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Replaces files of the archive, for invocations from now on. Gives the texts that they had. */
  updateCode(files: Record<string, string>): Promise<Record<string, string>>;
  /** Kills one of its sandboxes, whatever it is at. */
  kill(sandboxId: string): Promise<void>;
  stop(): Promise<void>;
}

/** Where a function's log goes. */
export interface FunctionLog {
  group: string;
  write: (event: LogEvent) => void;
}

/** A function with its sandboxes: one event at a time each, more on demand, kept warm. */
export function makeLambdaFunction(
  name: string,
  spec: SandboxSpec,
  { group, write }: FunctionLog,
  onEvent: OnEvent,
): LambdaFunction {
  const all = new Set<Sandbox>();
  const idle = new Set<Sandbox>();
  /** Of code that was replaced: they end with the invocation that they are at. */
  const outdated = new WeakSet<Sandbox>();
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
      const keep = (message: string) =>
        write({ at: Date.now(), stream: String(sandbox.pid), message });
      const started = performance.now();
      const result = await sandbox.invoke(
        { event, requestId, traceId: newTraceId(new Date()) },
        ({ entry, text }) => {
          log.push(entry);
          keep(text);
        },
      );
      if (!result.ok) keep(messageLine("ERROR", result.error, requestId, new Date()).text);
      if (outdated.has(sandbox)) await sandbox.kill();
      else idle.add(sandbox);
      onEvent({
        kind: "invocation",
        function: name,
        requestId,
        pid: sandbox.pid,
        milliseconds: Math.round(performance.now() - started),
        error: result.ok ? undefined : result.error,
        log,
        logGroup: group,
      });
      return result;
    },
    async updateCode(files) {
      const replaced = Object.keys(files).map((file) => [
        file,
        readFileSync(path.join(spec.directory, file), "utf8"),
      ]);
      unpack(spec.directory, files);
      for (const sandbox of all) outdated.add(sandbox);
      await Promise.all([...idle].map((sandbox) => sandbox.kill()));
      return Object.fromEntries(replaced) as Record<string, string>;
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
