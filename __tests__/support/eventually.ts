import { setTimeout } from "node:timers/promises";

const INTERVAL_MILLISECONDS = 50;

/** Waits until `probe` gives something; fails with `what` when it has not by then. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  milliseconds = 45_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  while (Date.now() < deadline) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await setTimeout(INTERVAL_MILLISECONDS);
  }
  throw new Error(`waited ${milliseconds / 1000} s in vain for ${what}`);
}
