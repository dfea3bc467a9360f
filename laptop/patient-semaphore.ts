import { availableParallelism } from "node:os";
import type { Semaphore } from "./semaphore";

/** So many places are given without hesitation: one core is for the laptop itself. */
export const UNHESITATING = Math.max(1, availableParallelism() - 1);
/** Whoever holds a place for longer than that, on average, waits for something else than a core. */
const SLOW_MILLISECONDS = 250;
const INTERVAL_MILLISECONDS = 500;

/** `released`: of as many places that were taken all the time, in one interval. */
function isSlow(taken: number, released: number): boolean {
  return released < (taken * INTERVAL_MILLISECONDS) / SLOW_MILLISECONDS;
}

export interface PatientSemaphore extends Semaphore {
  /** Lets everyone in, now and from now on. */
  open(): void;
}

export interface PatientOptions {
  /** Infinite by default. */
  maximum?: number;
  /** Whether more places would help; always by default. */
  mayGrow?: () => boolean;
}

/**
 * Places for work that shares the cores of this machine: more of it at a time is only slower. Where places are held
 * for long, it waits for something else than a core, and there are twice as many.
 */
export function makePatientSemaphore({
  maximum = Infinity,
  mayGrow = () => true,
}: PatientOptions = {}): PatientSemaphore {
  const waiting: (() => void)[] = [];
  let taken = 0;
  let released = 0;
  let unhesitating = Math.min(UNHESITATING, maximum);
  let timer: NodeJS.Timeout | undefined;

  function admit(more: number): void {
    for (const enter of waiting.splice(0, more)) {
      taken += 1;
      enter();
    }
    watch();
  }

  const grow = () => {
    timer = undefined;
    admit(isSlow(taken, released) && mayGrow() ? Math.min(taken, maximum - taken) : 0);
  };

  function watch(): void {
    if (timer || waiting.length === 0 || taken >= maximum) return;
    released = 0;
    timer = setTimeout(grow, INTERVAL_MILLISECONDS).unref();
  }

  function release(): void {
    taken -= 1;
    released += 1;
    admit(1);
  }

  return {
    acquire() {
      const entered = new Promise<void>((resolve) => waiting.push(resolve));
      admit(taken < unhesitating ? 1 : 0);
      return entered.then(() => release);
    },
    open: () => admit((unhesitating = Infinity)),
  };
}
