import { createHash } from "node:crypto";

/**
 * How one request goes wrong:
 * - `fails`: 503, and nothing is done;
 * - `fails after`: it is done, and then answered 500;
 * - `dropped`: it is done, and the connection breaks before the answer;
 * - `late`: it is done only after the client has given up.
 */
export const SHOP_FAULTS = ["fails", "fails after", "dropped", "late"] as const;

export interface Behaviour {
  /** Before anything is done. */
  delayMilliseconds: number;
  fault?: (typeof SHOP_FAULTS)[number];
}

/** The n-th request (from 1) of this kind under this key. */
export interface NumberedRequest {
  method: string;
  resource: string;
  key: string;
  n: number;
}

/** A key has no more faults than this: an undo, too, has only so many tries. */
const MAX_FAULTS = 3;
const QUICK = { least: 5, most: 60 };
const SLOW = { least: 200, most: 600 };
const LATE = { least: 2000, most: 8000 };
const SLOW_RATE = 0.1;

/** Decides on each request, with this probability of a fault. The same seed does the same to the same request. */
export function makeBehaviour(rate: number, seed: number): (of: NumberedRequest) => Behaviour {
  return ({ method, resource, key, n }) => {
    const hash = createHash("sha256").update([seed, method, resource, key, n].join(" ")).digest();
    const draw = (i: number) => hash.readUInt32BE(4 * i) / 2 ** 32;
    const isFaulty = n <= MAX_FAULTS && draw(0) < rate;
    const fault = isFaulty ? SHOP_FAULTS[Math.floor(draw(1) * SHOP_FAULTS.length)] : undefined;
    const { least, most } = fault === "late" ? LATE : draw(2) < SLOW_RATE ? SLOW : QUICK;
    const delayMilliseconds = least + Math.floor(draw(3) * (most - least));
    return { delayMilliseconds, ...(fault !== undefined && { fault }) };
  };
}
