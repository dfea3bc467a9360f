import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { within } from "../within";
import { RUNTIME } from "./archive";
import { type Frame, isAtLeast, type LogLine, onEachLine, parseLine } from "./log-lines";

export type InvocationResult = { ok: true; json: string } | { ok: false; error: string };

export interface SandboxSpec {
  /** Holds the files of the archive. */
  directory: string;
  environment: Record<string, string>;
  memoryMegabytes: number;
  /** Entries below it are dropped; none by default. */
  logLevel?: string | undefined;
  timeoutMilliseconds: number;
  /** A debugger can be attached there, and whatever takes longer meanwhile is not ended. */
  inspectPort?: number | undefined;
}

export interface Invocation {
  event: unknown;
  requestId: string;
  /** Of X-Ray: `Root=1-…;Parent=…;Sampled=0`. */
  traceId: string;
}

/** Lambda lets a function's module code run this long before its first event. */
const INIT_MILLISECONDS = 10_000;
/** What a timer takes at most: 24 days. */
const NEVER = 2 ** 31 - 1;

/** One Lambda execution environment: a process of its own that answers one event at a time. */
export interface Sandbox {
  /** Its calls to AWS carry it as their session token. */
  readonly id: string;
  readonly pid: number;
  readonly alive: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Until it was ready for its first event; undefined before. */
  readonly initMilliseconds: number | undefined;
  /**
   * Ends the process when the result takes longer than the function's timeout. `onLog` has got all lines of
   * the invocation once the result is there, and those that were written before it, since the last one.
   */
  invoke(invocation: Invocation, onLog: (line: LogLine) => void): Promise<InvocationResult>;
  kill(): Promise<void>;
}

export function startSandbox(spec: SandboxSpec): Sandbox {
  const { inspectPort, timeoutMilliseconds } = spec;
  const limits =
    inspectPort === undefined
      ? { init: INIT_MILLISECONDS, event: timeoutMilliseconds }
      : { init: NEVER, event: NEVER };
  const id = randomUUID();
  const startedAt = Date.now();
  let initMilliseconds: number | undefined;
  const child = fork(RUNTIME, [], {
    cwd: spec.directory,
    env: { ...spec.environment, AWS_SESSION_TOKEN: id },
    execArgv: [`--max-old-space-size=${spec.memoryMegabytes}`, ...inspectorOptions(inspectPort)],
    // A process group of its own: Ctrl-C is for the stack, which ends its children in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const output = readOutput(child, spec.logLevel ?? "TRACE");
  // Whoever invokes it learns of a failed start; without this Node would take it for unhandled.
  output.ready.then(
    () => (initMilliseconds = Date.now() - startedAt),
    () => undefined,
  );
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let killed = false;
  const end = () => {
    killed = true;
    killGroup(child);
  };

  return {
    id,
    pid: child.pid ?? 0,
    startedAt,
    get initMilliseconds() {
      return initMilliseconds;
    },
    get alive() {
      return !killed && child.connected && child.exitCode === null && child.signalCode === null;
    },
    async invoke(invocation, onLog) {
      const result = output.begin(invocation.requestId, onLog);
      // Awaited once it is ready.
      result.catch(() => undefined);
      try {
        await within(limits.init, output.ready, "init took longer than 10 s", end);
        const deadline = Date.now() + limits.event;
        child.send({ ...invocation, deadline });
        const late = `timed out after ${limits.event / 1000} s`;
        return await within(limits.event, result, late, end);
      } catch (error) {
        // It has ended, or is about to: its last lines are still to be read.
        await closed;
        return { ok: false, error: (error as Error).message };
      } finally {
        output.end();
      }
    },
    async kill() {
      end();
      await exited;
    },
  };
}

/** What Node itself writes to stderr where a debugger comes and goes. */
const OF_INSPECTOR = /^(?:Debugger attached\.|Waiting for the debugger to disconnect\.\.\.)$/;

function inspectorOptions(port: number | undefined): string[] {
  // Without the second one its URL would be a line of the function's log.
  return port === undefined ? [] : [`--inspect=127.0.0.1:${port}`, "--inspect-publish-uid=http"];
}

/** With what it has started: that would keep its streams open. */
function killGroup({ pid, exitCode, signalCode, stdout }: ChildProcess): void {
  const isGone = exitCode !== null || signalCode !== null;
  if (pid === undefined || (isGone && stdout?.closed !== false)) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left of it.
  }
}

function toResult({ kind, content }: Frame): InvocationResult {
  const json = content.slice(content.indexOf(" ") + 1);
  if (kind === "result") return { ok: true, json };
  const { name, message } = JSON.parse(json) as { name: string; message: string };
  return { ok: false, error: `${name}: ${message}` };
}

interface SandboxOutput {
  /** Rejects when the process ends before. */
  ready: Promise<void>;
  /**
   * Passes lines on until end(). Resolves with the invocation's result, after its last line; rejects when the
   * process ends before.
   */
  begin(requestId: string, onLog: (line: LogLine) => void): Promise<InvocationResult>;
  end(): void;
}

interface Waiting<T> {
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

/** What is written while no event is handled belongs to the next invocation, as on AWS. */
function readOutput(child: ChildProcess, logLevel: string): SandboxOutput {
  const early: LogLine[] = [];
  const keep = (line: LogLine): void => void early.push(line);
  let current = { requestId: "", onLog: keep };
  let onReady: Waiting<void> | undefined;
  const ready = new Promise<void>((resolve, reject) => (onReady = { resolve, reject }));
  let onResult: Waiting<InvocationResult> | undefined;
  let gone: Error | undefined;

  function fail(reason: Error): void {
    gone ??= reason;
    onReady?.reject(reason);
    onResult?.reject(reason);
  }
  child.on("error", fail);
  child.once("close", (code: number | null, signal: string | null) =>
    fail(new Error(signal ? `killed by ${signal}` : `exited with code ${code ?? "none"}`)),
  );

  for (const stream of [child.stdout, child.stderr]) {
    onEachLine(stream, (text) => {
      if (OF_INSPECTOR.test(text)) return;
      const { lines, frame } = parseLine(text, current.requestId, new Date());
      for (const line of lines) if (isAtLeast(logLevel, line.entry)) current.onLog(line);
      if (frame?.kind === "ready") onReady?.resolve();
      else if (frame?.content.startsWith(`${current.requestId} `))
        onResult?.resolve(toResult(frame));
    });
  }
  return {
    ready,
    begin(requestId, onLog) {
      current = { requestId, onLog };
      early.splice(0).forEach(onLog);
      return new Promise((resolve, reject) => {
        onResult = { resolve, reject };
        if (gone) reject(gone);
      });
    },
    end() {
      current = { requestId: "", onLog: keep };
      onResult = undefined;
    },
  };
}
