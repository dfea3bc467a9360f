import { createRequire } from "node:module";
import * as path from "node:path";
import type * as Esbuild from "esbuild";

export type Build = (options: Esbuild.BuildOptions) => Promise<Esbuild.BuildResult>;

/** Puts another build() in the place of esbuild's, as the program in this directory finds it, where it has esbuild. */
export function wrapBuild(directory: string, wrap: (build: Build, version: string) => Build): void {
  const requireOfProgram = createRequire(path.join(directory, "index.ts"));
  let found: string;
  try {
    found = requireOfProgram.resolve("esbuild");
  } catch {
    return;
  }
  const esbuild = requireOfProgram("esbuild") as typeof Esbuild;
  const loaded = requireOfProgram.cache[found];
  if (loaded) loaded.exports = { ...esbuild, build: wrap(esbuild.build, esbuild.version) };
}
