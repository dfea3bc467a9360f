import { makePatientSemaphore } from "../patient-semaphore";
import type { Sandbox } from "./sandbox";

export interface Taken {
  sandbox: Sandbox;
  /** It is new. */
  cold: boolean;
  /** It can take the next event, unless it has ended. */
  giveBack: () => void;
}

/**
 * A function's sandboxes. Lambda starts another whenever all are busy; a laptop only where they wait for something
 * else than its cores. The one that was used last goes first: its code is hot.
 */
export interface SandboxPool {
  /** Undefined once the pool has stopped. */
  take: () => Promise<Taken | undefined>;
  /** Starts one before there is an event for it. */
  prepare: () => void;
  /** Those that have not ended. */
  all: () => Sandbox[];
  isIdle: (sandbox: Sandbox) => boolean;
  /** Kills all. */
  stop: () => Promise<void>;
}

export function makeSandboxPool(start: () => Sandbox): SandboxPool {
  const started = new Set<Sandbox>();
  /** The one that was used last at the end. */
  const idle: Sandbox[] = [];
  let stopped = false;

  function all(): Sandbox[] {
    for (const sandbox of started) if (!sandbox.alive) started.delete(sandbox);
    return [...started];
  }
  const isReady = ({ initMilliseconds }: Sandbox) => initMilliseconds !== undefined;
  const places = makePatientSemaphore({ mayGrow: () => all().every(isReady) });

  function startOne(): Sandbox {
    const sandbox = start();
    started.add(sandbox);
    return sandbox;
  }

  return {
    async take() {
      const leave = await places.acquire();
      if (stopped) return undefined;
      const hot = takeLiving(idle);
      const sandbox = hot ?? startOne();
      return {
        ...{ sandbox, cold: !hot },
        giveBack() {
          if (sandbox.alive) idle.push(sandbox);
          leave();
        },
      };
    },
    prepare: () => void idle.push(startOne()),
    all,
    isIdle: (sandbox) => idle.includes(sandbox),
    async stop() {
      stopped = true;
      places.open();
      await Promise.all(all().map((sandbox) => sandbox.kill()));
    },
  };
}

function takeLiving(idle: Sandbox[]): Sandbox | undefined {
  const sandbox = idle.pop();
  return !sandbox || sandbox.alive ? sandbox : takeLiving(idle);
}
