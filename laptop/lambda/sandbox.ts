import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { LogEntry } from "../events";

/** What a function says before it ends: Lambda's log entries, then a result or an error. */
type Message =
  | { type: "ready" }
  | { type: "log"; entry: LogEntry }
  | { type: "result"; json: string }
  | { type: "error"; name: string; message: string };

export type InvocationResult = { ok: true; json: string } | { ok: false; error: string };

export interface SandboxSpec {
  /** Holds the files of the archive; `entry` is the runtime that loads its handler. */
  directory: string;
  entry: string;
  environment: Record<string, string>;
  memoryMegabytes: number;
  timeoutMilliseconds: number;
}

/** Lambda lets a function's module code run this long before its first event. */
const INIT_MILLISECONDS = 10_000;

/** One Lambda execution environment: a process of its own that answers one event at a time. */
export interface Sandbox {
  /** Its calls to AWS carry it as their session token. */
  readonly id: string;
  readonly pid: number;
  readonly alive: boolean;
  /** Ends the process when the result takes longer than the function's timeout. */
  invoke(
    event: unknown,
    requestId: string,
    onLog: (entry: LogEntry) => void,
  ): Promise<InvocationResult>;
  kill(): Promise<void>;
}

export function startSandbox(spec: SandboxSpec): Sandbox {
  const id = randomUUID();
  const child = fork(spec.entry, [], {
    cwd: spec.directory,
    env: { ...spec.environment, AWS_SESSION_TOKEN: id },
    execArgv: [`--max-old-space-size=${spec.memoryMegabytes}`],
    // A process group of its own: Ctrl-C is for the stack, which ends its children in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ready = once(child, (message) => message.type === "ready" || undefined);
  // Whoever invokes it learns of a failed start; without this Node would take it for unhandled.
  ready.catch(() => undefined);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let killed = false;
  const end = () => {
    killed = true;
    child.kill("SIGKILL");
  };

  return {
    id,
    pid: child.pid ?? 0,
    get alive() {
      return !killed && child.connected && child.exitCode === null && child.signalCode === null;
    },
    async invoke(event, requestId, onLog) {
      const listeners = listenToLog(child, onLog);
      try {
        await within(INIT_MILLISECONDS, ready, end, "init took longer than 10 s");
        const result = once(child, toResult);
        const deadline = Date.now() + spec.timeoutMilliseconds;
        child.send({ event, requestId, deadline });
        return await within(
          spec.timeoutMilliseconds,
          result,
          end,
          `timed out after ${spec.timeoutMilliseconds / 1000} s`,
        );
      } catch (error) {
        return { ok: false, error: (error as Error).message };
      } finally {
        listeners.remove();
      }
    },
    async kill() {
      end();
      await exited;
    },
  };
}

function toResult(message: Message): InvocationResult | undefined {
  switch (message.type) {
    case "result":
      return { ok: true, json: message.json };
    case "error":
      return { ok: false, error: `${message.name}: ${message.message}` };
    case "ready":
    case "log":
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

async function within<T>(
  milliseconds: number,
  work: Promise<T>,
  end: () => void,
  reason: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      end();
      reject(new Error(reason));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Structured entries come as messages; what is written to the streams directly is plain text. */
function listenToLog(child: ChildProcess, onLog: (entry: LogEntry) => void): { remove(): void } {
  const onMessage = (message: Message) => {
    if (message.type === "log") onLog(message.entry);
  };
  const onText = (chunk: Buffer) => {
    const text = chunk.toString().trim();
    if (text !== "") onLog({ level: "INFO", message: text });
  };
  child.on("message", onMessage);
  child.stdout?.on("data", onText);
  child.stderr?.on("data", onText);
  return {
    remove() {
      child.off("message", onMessage);
      child.stdout?.off("data", onText);
      child.stderr?.off("data", onText);
    },
  };
}
