import { readFileSync } from "node:fs";
import * as path from "node:path";
import { build, type Plugin } from "esbuild";
import type { PlantedBug } from "./planted";

/** Bundles worker.ts into one file, with the handlers as they are or with one line of one of them changed. */
export async function bundleWorker(
  directory: string,
  bug: PlantedBug | undefined,
): Promise<string> {
  const outfile = path.join(directory, "worker.cjs");
  const planted = bug && plant(bug);
  await build({
    entryPoints: [path.join(__dirname, "worker.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outfile,
    logLevel: "error",
    plugins: planted ? [planted.plugin] : [],
  });
  if (planted?.isPlanted() === false) {
    throw new Error(`${planted.file} is not part of the simulation`);
  }
  return outfile;
}

function plant(bug: PlantedBug): { plugin: Plugin; file: string; isPlanted: () => boolean } {
  let isPlanted = false;
  const plugin: Plugin = {
    name: "planted-bug",
    setup(bundler) {
      bundler.onLoad({ filter: /\/handlers\/.*\.ts$/ }, ({ path: file }) => {
        if (!file.endsWith(`/handlers/${bug.file}`)) return undefined;
        isPlanted = true;
        return { contents: withBug(readFileSync(file, "utf8"), bug), loader: "ts" };
      });
    },
  };
  return { plugin, file: bug.file, isPlanted: () => isPlanted };
}

function withBug(source: string, { name, after = "", line, becomes }: PlantedBug): string {
  const start = source.indexOf(after);
  const at = source.indexOf(line, start);
  const isUnique = after !== "" || source.indexOf(line, at + 1) < 0;
  if (start < 0 || at < 0 || !isUnique) {
    throw new Error(`"${name}" does not fit the source any more`);
  }
  return source.slice(0, at) + becomes + source.slice(at + line.length);
}
