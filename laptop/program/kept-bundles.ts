import { statSync } from "node:fs";
import * as path from "node:path";
import type * as Esbuild from "esbuild";
import { array, is, object, string, tuple } from "superstruct";
import { type Build, wrapBuild } from "../wrap-build";
import { type Cache, installedPackages, openCache } from "./cache";

const keptBundle = object({
  /** What it was made of, with stamps. */
  inputs: array(tuple([string(), string()])),
  outputs: array(object({ path: string(), hash: string(), text: string() })),
});

/**
 * Lets esbuild, as the program in this directory finds it, give a bundle of the same text and files again: most
 * functions are as they were at the program's last start, and before its last change.
 */
export function keepBundles(directory: string): void {
  const cache = openCache(directory, "bundles");
  wrapBuild(directory, (build, version) =>
    keepingBuild(build, cache, `${version} ${installedPackages(directory)}`),
  );
}

/** esbuild's build(), with the same results. `versions`: of whatever else decides on them. */
export function keepingBuild(build: Build, cache: Cache, versions: string): Build {
  return async (options) => {
    if (!isOfText(options)) return build(options);
    const directory = options.absWorkingDir ?? process.cwd();
    const key = JSON.stringify([versions, directory, options]);
    const kept = cache.read(key);
    if (is(kept, keptBundle) && kept.inputs.every(([file, stamp]) => stampOf(file) === stamp)) {
      return resultOf(kept.outputs);
    }
    const { metafile, ...result } = await build({ ...options, metafile: true });
    const files = Object.keys(metafile?.inputs ?? {}).map((file) => path.resolve(directory, file));
    const inputs = files
      .filter((file) => !isText(file, directory, options))
      .map((file) => [file, stampOf(file)]);
    const outputs = result.outputFiles?.map(({ text, hash, path }) => ({ path, hash, text }));
    if (result.warnings.length === 0) cache.write(key, { inputs, outputs });
    return result as Esbuild.BuildResult;
  };
}

function isOfText({ write, metafile, plugins, stdin }: Esbuild.BuildOptions): boolean {
  return write === false && metafile !== true && plugins === undefined && stdin !== undefined;
}

/** The text itself, by the name that it has among the files. */
function isText(file: string, directory: string, { stdin }: Esbuild.BuildOptions): boolean {
  const { resolveDir = directory, sourcefile = "<stdin>" } = stdin ?? {};
  return file === path.resolve(resolveDir, sourcefile);
}

/** Another one after each change. Not the time of the last write: npm gives all files the same. */
function stampOf(file: string): string {
  const { ctimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${ctimeMs} ${size}`;
}

function resultOf(outputs: { path: string; hash: string; text: string }[]): Esbuild.BuildResult {
  const outputFiles = outputs.map((output) => ({ ...output, contents: Buffer.from(output.text) }));
  return { errors: [], warnings: [], outputFiles } as unknown as Esbuild.BuildResult;
}
