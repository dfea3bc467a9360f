import { setTimeout } from "node:timers/promises";

const POLL_MILLISECONDS = 100;

/** Asks again and again, for so long at most. Gives whether it has come true. */
export async function within(
  milliseconds: number,
  isTrue: () => Promise<boolean> | boolean,
): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!(await isTrue())) {
    if (Date.now() > deadline) return false;
    await setTimeout(POLL_MILLISECONDS);
  }
  return true;
}

/** The same; rejects when it has not come true in time. */
export async function until(
  what: string,
  milliseconds: number,
  isTrue: () => Promise<boolean> | boolean,
): Promise<void> {
  if (!(await within(milliseconds, isTrue))) {
    throw new Error(`waited ${milliseconds / 1000} s for ${what}`);
  }
}
