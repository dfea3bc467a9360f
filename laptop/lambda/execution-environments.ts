import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import type { LogEvent } from "../cloudwatch/log-groups";
import { isForPeople, plainText } from "../event-line";
import type { LogEntry, OnEvent } from "../events";
import type { InvocationSpan } from "../traces/span";
import { contextOf, formatTraceHeader, type TraceContext } from "../traces/trace-header";
import type { Traces } from "../traces/traces";
import { unpack } from "./archive";
import { messageLine } from "./log-lines";
import { type InvocationResult, type Sandbox, type SandboxSpec, startSandbox } from "./sandbox";
import { makeSandboxPool } from "./sandbox-pool";

export interface LambdaFunction {
  readonly name: string;
  readonly timeoutMilliseconds: number;
  /** Runs the handler; a failure of whatever kind is a result, not an exception. */
  invoke(event: unknown, cause: Cause): Promise<InvocationResult>;
  /** Those that are there now. */
  environments(): Environment[];
  /** Replaces files of the archive, for invocations from now on. Gives the texts that they had. */
  updateCode(files: Record<string, string>): Promise<Record<string, string>>;
  /** Kills one of its sandboxes, whatever it is at. */
  kill(sandboxId: string): Promise<void>;
  stop(): Promise<void>;
}

/** Why a function is invoked. */
export interface Cause {
  /** The node of the map, such as `queue:orders`. */
  source: string;
  /** Those of the messages, or the request's; a new trace without. */
  contexts?: TraceContext | readonly TraceContext[] | undefined;
  /** How often the messages have been received. */
  receives?: number;
}

export interface Environment {
  sandboxId: string;
  pid: number;
  busy: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
}

export interface ReplaceableFunction extends LambdaFunction {
  /** Other code, settings and log, for invocations from now on; those under way end as they began. */
  replace(spec: SandboxSpec, log: FunctionLog): Promise<void>;
}

/** Where a function's log goes. */
export interface FunctionLog {
  group: string;
  write: (event: LogEvent) => void;
}

/** A function with its sandboxes: one event at a time each, kept warm. */
export function makeLambdaFunction(
  name: string,
  ofFirst: SandboxSpec,
  logOfFirst: FunctionLog,
  traces: Traces,
  onEvent: OnEvent,
): ReplaceableFunction {
  let spec = ofFirst;
  let { group, write } = logOfFirst;
  const pool = makeSandboxPool(() => startSandbox(spec));
  /** Of code that was replaced: they end with the invocation that they are at. */
  const outdated = new WeakSet<Sandbox>();
  /** Directories of code that was replaced, until nothing runs in them. */
  const leftBehind: { directory: string; sandboxes: Sandbox[] }[] = [];

  async function replaceSandboxes(): Promise<void> {
    const sandboxes = pool.all();
    for (const sandbox of sandboxes) outdated.add(sandbox);
    await Promise.all(sandboxes.filter(pool.isIdle).map((sandbox) => sandbox.kill()));
  }

  // So that a debugger can be attached before the first event.
  if (spec.inspectPort !== undefined) pool.prepare();

  return {
    name,
    get timeoutMilliseconds() {
      return spec.timeoutMilliseconds;
    },
    async invoke(event, { source, contexts, receives }) {
      const taken = await pool.take();
      if (!taken) return { ok: false, error: "the stack has stopped" };
      const { sandbox, cold, giveBack } = taken;
      const requestId = randomUUID();
      const span = traces.begin("invocation", contexts, {
        ...{ name, function: name, source, requestId, pid: sandbox.pid },
        ...(receives !== undefined && { receives }),
        log: [],
      });
      const log: LogEntry[] = [];
      const keep = (message: string) =>
        write({ at: Date.now(), stream: String(sandbox.pid), message });
      const started = performance.now();
      const result = await sandbox.invoke(
        { event, requestId, traceId: formatTraceHeader(contextOf(span)) },
        ({ entry, text }) => {
          log.push(entry);
          addToSpan(span, entry);
          keep(text);
        },
      );
      if (cold) span.coldMilliseconds = sandbox.initMilliseconds ?? 0;
      traces.end(span, result.ok ? undefined : result.error);
      if (!result.ok) keep(messageLine("ERROR", result.error, requestId, new Date()).text);
      if (outdated.has(sandbox)) await sandbox.kill();
      giveBack();
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
      await replaceSandboxes();
      return Object.fromEntries(replaced) as Record<string, string>;
    },
    environments: () =>
      pool.all().map((sandbox) => ({
        ...{ sandboxId: sandbox.id, pid: sandbox.pid, startedAt: sandbox.startedAt },
        busy: !pool.isIdle(sandbox),
      })),
    async replace(other, log) {
      leftBehind.push({ directory: spec.directory, sandboxes: pool.all() });
      spec = other;
      ({ group, write } = log);
      await replaceSandboxes();
      for (const each of leftBehind.splice(0)) {
        if (each.sandboxes.some(({ alive }) => alive)) leftBehind.push(each);
        else rmSync(each.directory, { recursive: true, force: true });
      }
    },
    async kill(sandboxId) {
      await pool
        .all()
        .find(({ id }) => id === sandboxId)
        ?.kill();
    },
    stop: pool.stop,
  };
}

function addToSpan({ log }: InvocationSpan, entry: LogEntry): void {
  if (isForPeople(entry)) log.push({ at: Date.now(), level: entry.level, text: plainText(entry) });
}
