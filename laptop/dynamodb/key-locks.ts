export interface KeyLocks {
  /** Does `work` once all that has come before it to any of these keys is done, well or not. */
  hold<T>(keys: string[], work: () => Promise<T>): Promise<T>;
}

export function makeKeyLocks(): KeyLocks {
  /** The end of the last work for a key. */
  const last = new Map<string, Promise<unknown>>();
  return {
    async hold(keys, work) {
      // In line for all keys at once: no two can wait for one another.
      const before = Promise.all(keys.map((key) => last.get(key) ?? Promise.resolve()));
      const done = before.then(work);
      const end = done.catch(() => undefined);
      for (const key of keys) last.set(key, end);
      try {
        return await done;
      } finally {
        for (const key of keys) if (last.get(key) === end) last.delete(key);
      }
    },
  };
}
