import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { findProcess } from "./processes";

/** A laptop stack that runs as its users have it: by `npm start`. */
export interface LaptopProcess {
  /** Of the laptop itself, not of npm. */
  pid: number;
  ordersUrl: string;
  /** From the start of the command to the line with apiUrl. */
  readyMilliseconds: number;
  /** When the customers of these orders were told, by performance.now(), once all of them were. */
  notified(orderIds: readonly string[]): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** Without a notification for so long, none is waited for. */
const PATIENCE_MILLISECONDS = 240_000;
const STARTING_MILLISECONDS = 120_000;
const KEPT_LINES = 50;

/** In the lines of every release. */
const NOTIFIED = /Order (\S+) is completed/;

/** Rejects with what the laptop wrote when it does not start. */
export async function startLaptopProcess(
  directory: string,
  options: readonly string[],
): Promise<LaptopProcess> {
  const started = performance.now();
  const child = spawn("npm", ["start", "--silent", "--", "--port", "0", ...options], {
    cwd: directory,
    // A process group, which is stopped as a whole.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const notifications = makeNotifications();
  const onLine = (line: string) => {
    const orderId = NOTIFIED.exec(line)?.[1];
    if (orderId !== undefined) notifications.add(orderId);
  };
  try {
    return {
      ordersUrl: `${await apiUrlOf(child, directory, onLine)}orders`,
      readyMilliseconds: performance.now() - started,
      pid: findProcess(child.pid ?? 0, "/main.ts"),
      notified: (orderIds) => notifications.of(orderIds),
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** What the laptop prints once it is ready. `onLine` gets all lines, then and afterwards. */
function apiUrlOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  directory: string,
  onLine: (line: string) => void,
): Promise<string> {
  const first: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      reject(new Error(`npm start in ${directory} ${why}:\n${first.join("\n")}`));
    };
    const timer = setTimeout(() => fail("was not ready in time"), STARTING_MILLISECONDS);
    child.once("error", reject).once("exit", () => fail("has ended"));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        if (first.length < KEPT_LINES) first.push(line);
        const url = /^apiUrl: (\S+)/.exec(line)?.[1];
        if (url !== undefined) {
          clearTimeout(timer);
          resolve(url);
        }
        onLine(line);
      });
    }
  });
}

function makeNotifications() {
  const times = new Map<string, number>();
  let onAdded = (_orderId: string): void => undefined;
  return {
    add(orderId: string): void {
      if (!times.has(orderId)) times.set(orderId, performance.now());
      onAdded(orderId);
    },
    async of(orderIds: readonly string[]): Promise<Map<string, number>> {
      const missing = new Set(orderIds.filter((orderId) => !times.has(orderId)));
      if (missing.size > 0) {
        await new Promise<void>((resolve, reject) => {
          const giveUp = () => reject(new Error(`${missing.size} orders were not notified`));
          const timer = setTimeout(giveUp, PATIENCE_MILLISECONDS);
          onAdded = (orderId) => {
            missing.delete(orderId);
            timer.refresh();
            if (missing.size > 0) return;
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return new Map(orderIds.map((orderId) => [orderId, times.get(orderId) ?? 0]));
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  await ended;
}
