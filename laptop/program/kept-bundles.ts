import * as path from "node:path";
import type * as Esbuild from "esbuild";
import { dropOldest } from "../drop-oldest";
import { type Build, wrapBuild } from "../wrap-build";

/** Bundles of one evaluation, and of some that came before. */
const MAX_BUNDLES = 50;

/**
 * Lets esbuild, as the program in this directory finds it, give a bundle of the same text and packages again: of a
 * changed program most functions are as they were.
 */
export function keepBundles(directory: string): void {
  wrapBuild(directory, keepingBuild);
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
    dropOldest(kept, MAX_BUNDLES);
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
