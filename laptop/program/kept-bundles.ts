import { createRequire } from "node:module";
import * as path from "node:path";
import type * as Esbuild from "esbuild";

type Build = (options: Esbuild.BuildOptions) => Promise<Esbuild.BuildResult>;

/** Bundles of one evaluation, and of some that came before. */
const MAX_BUNDLES = 50;

/**
 * Lets esbuild, as the program in this directory finds it, give a bundle of the same text and packages again: of a
 * changed program most functions are as they were.
 */
export function keepBundles(directory: string): void {
  const requireOfProgram = createRequire(path.join(directory, "index.ts"));
  try {
    const esbuild = requireOfProgram("esbuild") as typeof Esbuild;
    const loaded = requireOfProgram.cache[requireOfProgram.resolve("esbuild")];
    if (loaded) loaded.exports = { ...esbuild, build: keepingBuild(esbuild.build) };
  } catch {
    // The program has no esbuild.
  }
}

/** esbuild's build(), with the same results. */
export function keepingBuild(build: Build): Build {
  const kept = new Map<string, Esbuild.BuildResult>();
  return async (options) => {
    if (!isOfText(options)) return build(options);
    const key = JSON.stringify(options);
    const known = kept.get(key);
    if (known) return known;
    const { metafile, ...result } = await build({ ...options, metafile: true });
    const inputs = Object.keys(metafile?.inputs ?? {});
    if (inputs.every((file) => isOfPackage(file) || isText(file, options)))
      kept.set(key, result as Esbuild.BuildResult);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size > MAX_BUNDLES) kept.delete(oldest);
    return result as Esbuild.BuildResult;
  };
}

function isOfText({ write, metafile, plugins, stdin }: Esbuild.BuildOptions): boolean {
  return write === false && metafile !== true && plugins === undefined && stdin !== undefined;
}

/** The text itself, by the name that it has among the files. */
function isText(file: string, { stdin, absWorkingDir = "" }: Esbuild.BuildOptions): boolean {
  const { resolveDir = absWorkingDir, sourcefile = "<stdin>" } = stdin ?? {};
  return path.resolve(absWorkingDir, file) === path.resolve(resolveDir, sourcefile);
}

/** Packages do not change while the process lives. */
function isOfPackage(file: string): boolean {
  return file.split(/[\\/]/).includes("node_modules");
}
