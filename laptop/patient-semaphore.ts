import { availableParallelism } from "node:os";
import type { Semaphore } from "./semaphore";

/** So many places are given without hesitation: more work at a time than there are cores is only slower. */
const UNHESITATING = availableParallelism();
/** Whoever finds them taken waits for one, as long as one is given back this often. */
const PATIENCE_MILLISECONDS = 500;

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
 * Places for work that the cores of this machine share. Where none is given back for a while, the work waits for
 * something else than a core: then there are twice as many.
 */
export function makePatientSemaphore({
  maximum = Infinity,
  mayGrow = () => true,
}: PatientOptions = {}): PatientSemaphore {
  const waiting: (() => void)[] = [];
  let taken = 0;
  let isOpen = false;
  let timer: NodeJS.Timeout | undefined;

  function admit(more: number): void {
    for (const enter of waiting.splice(0, more)) {
      taken += 1;
      enter();
    }
    watch();
  }

  function watch(): void {
    clearTimeout(timer);
    if (waiting.length === 0 || taken >= maximum) return;
    const grow = () => admit(mayGrow() ? Math.min(taken, maximum - taken) : 0);
    timer = setTimeout(grow, PATIENCE_MILLISECONDS);
  }

  function release(): void {
    taken -= 1;
    admit(1);
  }

  return {
    async acquire() {
      const enter = new Promise<void>((resolve) => waiting.push(resolve));
      if (isOpen || taken < Math.min(UNHESITATING, maximum)) admit(1);
      else if (waiting.length === 1) watch();
      await enter;
      return release;
    },
    open() {
      isOpen = true;
      admit(Infinity);
    },
  };
}
