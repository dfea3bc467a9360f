import { type Behaviour, changedParts, type Part, partsOf, waitsOf } from "./program";
import type { Draws } from "./random";

export interface PlannedOrder {
  name: string;
  customerId: string;
  /** Undefined: the client sends none. */
  key: string | undefined;
  postAt: number;
  /** When clients send the same request again although it was accepted. */
  repostAt: number[];
  /** How often a client repeats a request that was not answered with 202. */
  patience: number;
  /** Its steps and waits; `step` is what the business step does after them. */
  parts: Part[];
  /** What the deploy has made of them. */
  changed?: Part[];
  step: Behaviour;
  /** What its undo does after what it does for the steps. */
  undo: Behaviour;
  /** When a client asks to cancel it. */
  cancelAt: number[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The share of orders with parts, with cancellations, and of those that a deploy changes. */
export interface Mix {
  programs: number;
  cancelled: number;
  changed: number;
}

/** Half of the histories have neither steps nor waits, half no cancellations, most no deploy: swarms. */
export function mixOf(draws: Draws): Mix {
  const programs = draws.pick("programs", [0, 0, 0.3, 1]);
  const cancelled = draws.pick("cancelled", [0, 0, 0.15, 0.6]);
  const changed = programs > 0 && draws.of("has a deploy") < 0.25 ? 0.7 : 0;
  return { programs, cancelled, changed };
}

export const ALL_CANCELLED: Mix = { programs: 1, cancelled: 1, changed: 0 };

export function orderOf(draws: Draws, name: string, postsUntil: number, mix: Mix): PlannedOrder {
  const draw = (what: string) => draws.of(`${name} ${what}`);
  const parts = draw("program") < mix.programs ? partsOf(draws, name) : [];
  const isChanged = draw("change") < mix.changed;
  const postAt = Math.floor(draw("post") * postsUntil);
  const reposts = draw("reposts") < 0.3 ? draws.between(`${name} how many`, 1, 4) : 0;
  return {
    name,
    customerId: `customer of ${name}`,
    key: draw("key") < 0.75 ? `key of ${name}`.replaceAll(" ", "-").padEnd(16, ".") : undefined,
    postAt,
    repostAt: Array.from(
      { length: reposts },
      (_, i) => postAt + draws.magnitude(`${name} repost ${i}`, 100, HOUR),
    ),
    patience: draws.pick(`${name} patience`, [0, 1, 3, 10]),
    parts,
    ...(isChanged && { changed: changedParts(draws, `${name} change`, parts) }),
    step: behaviourOf(draws, `${name} step`),
    undo: behaviourOf(draws, `${name} undo`),
    cancelAt: draw("cancelled") < mix.cancelled ? cancellations(draws, name, postAt, parts) : [],
  };
}

/** One to three, soon after the order or while it waits: most orders are done within a second. */
function cancellations(draws: Draws, name: string, postAt: number, parts: Part[]): number[] {
  const waits = waitsOf(parts).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const count = draws.pick(`${name} cancellations`, [1, 1, 2, 3]);
  return Array.from({ length: count }, (_, i) => {
    const key = `${name} cancellation ${i}`;
    const longest = draws.pick(`${key} within`, [SECOND, MINUTE, HOUR, HOUR + waits]);
    return postAt + draws.magnitude(key, 20, longest);
  });
}

function behaviourOf(draws: Draws, key: string): Behaviour {
  const times = draws.pick(`${key} times`, [1, 1, 2, 3, Infinity]);
  const kind = draws.of(`${key} kind`);
  if (kind < 0.6) return { kind: "works" };
  if (kind < 0.7) return key.endsWith("undo") ? { kind: "works" } : { kind: "rejects" };
  if (kind < 0.84) return { kind: "throws", times };
  return kind < 0.93 ? { kind: "kills", times } : { kind: "hangs", times };
}

export function failing(order: PlannedOrder): PlannedOrder {
  return { ...order, step: { kind: "throws", times: Infinity } };
}
