import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { within } from "../within";
import { RUNTIME } from "./archive";
import { isAtLeast, type LogLine, onEachLine, parseLine } from "./log-lines";

/** What a sandbox sends: its result, or an error. Its log comes by its streams. */
type Message =
  | { type: "ready" }
  | { type: "result"; json: string }
  | { type: "error"; name: string; message: string };

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
  const ready = once(child, (message) => message.type === "ready" || undefined);
  // Whoever invokes it learns of a failed start; without this Node would take it for unhandled.
  ready.then(
    () => (initMilliseconds = Date.now() - startedAt),
    () => undefined,
  );
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const log = readLog(child, spec.logLevel ?? "TRACE");
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
      const logged = log.begin(invocation.requestId, onLog);
      try {
        await within(limits.init, ready, "init took longer than 10 s", end);
        const result = once(child, toResult);
        const deadline = Date.now() + limits.event;
        child.send({ ...invocation, deadline });
        const [value] = await within(
          limits.event,
          Promise.all([result, logged]),
          `timed out after ${limits.event / 1000} s`,
          end,
        );
        return value;
      } catch (error) {
        // It has ended, or is about to: its last lines are still to be read.
        await closed;
        return { ok: false, error: (error as Error).message };
      } finally {
        log.end();
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

function toResult(message: Message): InvocationResult | undefined {
  switch (message.type) {
    case "result":
      return { ok: true, json: message.json };
    case "error":
      return { ok: false, error: `${message.name}: ${message.message}` };
    case "ready":
      return undefined;
  }
}

/** The first message that `pick` takes; rejects when the process ends before it. */
function once<T>(child: ChildProcess, pick: (message: Message) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Message) => {
      const picked = pick(message);
      if (picked === undefined) return;
      remove();
      resolve(picked);
    };
    const onClose = (code: number | null, signal: string | null) => {
      remove();
      reject(new Error(signal ? `killed by ${signal}` : `exited with code ${code ?? "none"}`));
    };
    const remove = () => {
      child.off("message", onMessage);
      child.off("close", onClose);
      child.off("error", reject);
    };
    child.on("message", onMessage);
    child.on("close", onClose);
    child.on("error", reject);
  });
}

interface SandboxLog {
  /** Passes lines on until end(). Resolves when the invocation's last one has been read. */
  begin(requestId: string, onLog: (line: LogLine) => void): Promise<void>;
  end(): void;
}

/** What is written while no event is handled belongs to the next invocation, as on AWS. */
function readLog(child: ChildProcess, logLevel: string): SandboxLog {
  const waiting: LogLine[] = [];
  let requestId = "";
  const wait = (line: LogLine): void => void waiting.push(line);
  let onLog = wait;
  let onEnd: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    onEachLine(stream, (line) => {
      if (OF_INSPECTOR.test(line)) return;
      const { lines, ended } = parseLine(line, requestId, new Date());
      for (const each of lines) if (isAtLeast(logLevel, each.entry)) onLog(each);
      if (ended === requestId) onEnd();
    });
  }
  return {
    begin(id, onLine) {
      requestId = id;
      onLog = onLine;
      waiting.splice(0).forEach(onLine);
      return new Promise((resolve) => (onEnd = resolve));
    },
    end() {
      requestId = "";
      onLog = wait;
    },
  };
}
