import type { Item } from "./expressions/values";

interface Past {
  at: number;
  key: string;
  before: Item | undefined;
}

/** What each write of the last `keptMilliseconds` has replaced: what a read that lags behind still sees. */
export function makeTableLog(keptMilliseconds: number) {
  let writes: Past[] = [];
  let latest = -Infinity;
  return {
    add(at: number, key: string, before: Item | undefined): void {
      if (at < latest) throw new RangeError(`the clock went back from ${latest} to ${at}`);
      latest = at;
      if (keptMilliseconds === 0) return;
      writes.push({ at, key, before });
      const first = writes[0];
      // Twice as long, so that few writes have to look for what is too old.
      if (first && first.at < at - 2 * keptMilliseconds) {
        writes = writes.filter((write) => write.at >= at - keptMilliseconds);
      }
    },
    /** By key, the items that were there at that time and have been replaced since. */
    overwrittenSince(asOf: number): Map<string, Item | undefined> {
      if (asOf < latest - keptMilliseconds) {
        throw new RangeError(`what was there at ${asOf} is not kept until ${latest}`);
      }
      const overwritten = new Map<string, Item | undefined>();
      for (let i = writes.length - 1; i >= 0; i -= 1) {
        const write = writes[i];
        if (!write || write.at <= asOf) break;
        overwritten.set(write.key, write.before);
      }
      return overwritten;
    },
    clear(): void {
      writes = [];
    },
  };
}
