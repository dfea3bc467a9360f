import { type FSWatcher, watch } from "node:fs";
import * as path from "node:path";

export interface ChangedFiles {
  /** From now on files in these directories, not below them. */
  watch(directories: Iterable<string>): void;
  stop(): void;
}

/** An editor writes a file in several steps. */
const QUIET_MILLISECONDS = 50;

/** Gives the paths of files that have changed, come or gone, when no more have for a moment. */
export function watchFiles(onChange: (files: string[], since: number) => void): ChangedFiles {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let since = 0;
  let timer: NodeJS.Timeout | undefined;

  function add(file: string): void {
    if (changed.size === 0) since = performance.now();
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...changed];
      changed.clear();
      onChange(files, since);
    }, QUIET_MILLISECONDS);
  }

  return {
    watch(directories) {
      for (const directory of directories) {
        if (watchers.has(directory)) continue;
        const watcher = watch(directory, (_event, name) => {
          if (name !== null) add(path.join(directory, name));
        });
        // The directory is gone, perhaps to come back.
        watcher.on("error", () => {
          watcher.close();
          watchers.delete(directory);
        });
        watchers.set(directory, watcher);
      }
    },
    stop() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
