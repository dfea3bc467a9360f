import { type MakeCall, makeCaller, REFUSED_MS } from "./calls";
import type { Invocation } from "./invocation";
import type { World } from "./world";

export interface Lambda {
  call: MakeCall;
  /**
   * Runs a function. `done` gets its result, once; undefined where it failed, timed out, was killed or did
   * not start.
   */
  invoke<T>(
    fn: string,
    about: string,
    timeoutMs: number,
    run: (invocation: Invocation) => Promise<T>,
    done: (result: T | undefined) => void,
  ): void;
  kill(invocation: Invocation): void;
  killAll(): void;
  /** The process is busy for that long, and does not notice its timeout. */
  sleep(invocation: Invocation, milliseconds: number): Promise<void>;
}

export function makeLambda(world: World): Lambda {
  const { plan, clock, draws, faults, since, trace } = world;
  /** The invocations that count against the account's concurrency: how to report that there is no result. */
  const running = new Map<Invocation, () => void>();

  function isRefused(fn: string, key: string): boolean {
    return (
      running.size >= plan.accountConcurrency ||
      faults.outage("lambda", since(), fn) !== undefined ||
      faults.other(key, "throttled", since())
    );
  }

  function newInvocation(key: string, timeoutMs: number): Invocation {
    const skew = plan.clockSkewMs === 0 ? 0 : draws.of(`skew ${key}`) * 2 - 1;
    return {
      key,
      skew: Math.round(skew * plan.clockSkewMs),
      state: "running",
      isZombie: false,
      startedAt: clock.now(),
      timeoutMs,
      calls: 0,
    };
  }

  function report(invocation: Invocation, result: (() => void) | undefined): void {
    if (result && running.delete(invocation)) result();
  }

  function returned(invocation: Invocation, result: () => void): void {
    if (invocation.state !== "running") return;
    invocation.state = "ended";
    report(invocation, result);
  }

  function kill(invocation: Invocation): void {
    if (invocation.state !== "running") return;
    invocation.state = "killed";
    trace?.(invocation.key, "is killed");
    report(invocation, running.get(invocation));
  }

  function timeOut(invocation: Invocation): void {
    const noResult = running.get(invocation);
    if (!noResult) return;
    trace?.(invocation.key, "times out");
    if (invocation.isZombie) report(invocation, noResult);
    else kill(invocation);
  }

  return {
    call: makeCaller(world, kill),
    kill,
    killAll: () => [...running.keys()].forEach(kill),
    invoke(fn, about, timeoutMs, run, done) {
      const key = `${fn} ${about}`;
      const noResult = () => done(undefined);
      if (isRefused(fn, key)) {
        trace?.(key, "is not started");
        clock.after(REFUSED_MS, noResult);
        return;
      }
      const invocation = newInvocation(key, timeoutMs);
      running.set(invocation, noResult);
      run(invocation).then(
        (result) => returned(invocation, () => done(result)),
        () => returned(invocation, noResult),
      );
      clock.settled();
      clock.after(timeoutMs, () => timeOut(invocation));
    },
    sleep: (invocation, milliseconds) =>
      new Promise((resolve) => {
        clock.after(milliseconds, () => {
          if (invocation.state !== "running") return;
          clock.settled();
          resolve();
        });
      }),
  };
}
