/** Draws that depend on a seed and on what they are for, not on what was drawn before. */
export interface Draws {
  /** From 0 to 1, always the same for the same key. */
  of(key: string): number;
  /** A whole number from `from` to `to`, both included. */
  between(key: string, from: number, to: number): number;
  /** From `from` to `to`, each order of magnitude as likely as any other. */
  magnitude(key: string, from: number, to: number): number;
  pick<T>(key: string, values: readonly T[]): T;
}

export function makeDraws(seed: number): Draws {
  const of = (key: string) => hash(key, seed) / 2 ** 32;
  const between = (key: string, from: number, to: number) =>
    from + Math.floor(of(key) * (to - from + 1));
  return {
    of,
    between,
    magnitude: (key, from, to) => Math.round(from * (to / from) ** of(key)),
    pick<T>(key: string, values: readonly T[]): T {
      const value = values[Math.floor(of(key) * values.length)];
      if (value === undefined) throw new Error(`nothing to pick from for ${key}`);
      return value;
    },
  };
}

/** FNV-1a over the text, finished as MurmurHash3 is: 32 bits, the same on every machine. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  for (let i = 0; i < text.length; i += 1) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
