import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, OutputFile } from "esbuild";
import type { Build } from "../wrap-build";
import type { SourceMap } from "./serialised-map";
import { inlineMap } from "./source-maps";

export interface Mapping {
  /** Of a text that is bundled. */
  mapOf: (text: string) => SourceMap;
  /** Gets the text of a bundle as it would be without a map, and its map. */
  keep: (text: string, map: SourceMap) => void;
}

/** esbuild's build(), with the same result for whoever calls it. */
export function mappedBuild(build: Build, { mapOf, keep }: Mapping): Build {
  return async (options) => {
    if (options.write !== false || options.sourcemap !== undefined) return build(options);
    const result = await build({ ...options, ...withInput(options, mapOf), sourcemap: "inline" });
    const directory = options.absWorkingDir ?? process.cwd();
    const outputFiles = result.outputFiles?.map((file) => takeMap(file, directory, keep));
    return { ...result, ...(outputFiles && { outputFiles }) };
  };
}

function withInput({ stdin }: BuildOptions, mapOf: Mapping["mapOf"]): BuildOptions {
  if (typeof stdin?.contents !== "string") return {};
  const { contents } = stdin;
  return { stdin: { ...stdin, contents: contents + inlineMap(JSON.stringify(mapOf(contents))) } };
}

const INLINE = "//# sourceMappingURL=data:application/json;base64,";

function takeMap(file: OutputFile, directory: string, keep: Mapping["keep"]): OutputFile {
  const at = file.text.lastIndexOf(INLINE);
  if (at < 0) return file;
  const text = file.text.slice(0, at);
  const json = Buffer.from(file.text.slice(at + INLINE.length), "base64").toString();
  const map = JSON.parse(json) as SourceMap;
  const sources = map.sources.map((source) => pathToFileURL(path.resolve(directory, source)).href);
  keep(text, { ...map, sources });
  return { ...file, text, contents: Buffer.from(text) };
}
