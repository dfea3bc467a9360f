export interface Semaphore {
  /** Waits for one of the places; the result gives it back. */
  acquire(): Promise<() => void>;
}

export function makeSemaphore(places: number): Semaphore {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async acquire() {
      while (taken >= places) await new Promise<void>((resolve) => waiting.push(resolve));
      taken += 1;
      return () => {
        taken -= 1;
        waiting.shift()?.();
      };
    },
  };
}
