import { setTimeout } from "node:timers/promises";

const INTERVAL_MILLISECONDS = 50;

type Probe<T> = () => Promise<T | undefined | false> | T | undefined | false;

/** Waits until `probe` gives something, for so long at most; gives undefined when it has not. */
export async function within<T>(milliseconds: number, probe: Probe<T>): Promise<T | undefined> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() >= deadline) return undefined;
    await setTimeout(INTERVAL_MILLISECONDS);
  }
}

/** The same; fails with `what` where `within` gives undefined. */
export async function eventually<T>(
  what: string,
  probe: Probe<T>,
  milliseconds = 45_000,
): Promise<T> {
  const found = await within(milliseconds, probe);
  if (found === undefined) throw new Error(`waited ${milliseconds / 1000} s for ${what}`);
  return found;
}
