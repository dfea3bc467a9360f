import { encode } from "@jridgewell/sourcemap-codec";
import type { CompiledModule } from "./compiled-modules";
import { lineStarts } from "./line-starts";

export interface SourceMap {
  version: 3;
  sources: string[];
  sourcesContent?: string[];
  names: string[];
  mappings: string;
}

/** A function of a module, and the offset at which it is in the serialised text. */
interface Placed {
  module: CompiledModule;
  from: number;
  to: number;
  at: number;
}

/**
 * The source map of a closure that Pulumi has serialised. It writes each function as it finds it, and so a
 * function of a module is found by its text.
 */
export function mapOfSerialised(text: string, modules: CompiledModule[]): SourceMap {
  const placed = placeFunctions(text, modules).sort((one, other) => one.at - other.at);
  const used = [...new Set(placed.map(({ module }) => module))];
  const segments = placed.flatMap(({ module, from, to, at }) =>
    module.segments
      .filter(([offset]) => offset >= from && offset < to)
      .map(
        ([offset, ...position]) => [at + offset - from, used.indexOf(module), ...position] as const,
      ),
  );
  return {
    version: 3,
    sources: used.map(({ source }) => source),
    sourcesContent: used.map(({ sourceContent }) => sourceContent),
    names: [],
    mappings: encode(byLine(text, segments)),
  };
}

/** The largest first: what is inside of one is its own. */
function placeFunctions(text: string, modules: CompiledModule[]): Placed[] {
  const all = modules.flatMap((module) => module.functions.map((range) => ({ module, ...range })));
  all.sort((one, other) => other.to - other.from - (one.to - one.from));
  const placed: Placed[] = [];
  for (const { module, from, to } of all) {
    const at = findFree(text, module.text.slice(from, to), placed);
    if (at >= 0) placed.push({ module, from, to, at });
  }
  return placed;
}

function findFree(text: string, wanted: string, placed: Placed[]): number {
  let at = text.indexOf(wanted);
  const isTaken = (each: Placed) => at >= each.at && at < each.at + each.to - each.from;
  while (at >= 0 && placed.some(isTaken)) at = text.indexOf(wanted, at + 1);
  return at;
}

type Segment = readonly [offset: number, source: number, line: number, column: number];

/** As a source map has them; they come in the order of their offsets. */
function byLine(text: string, segments: Segment[]): [number, number, number, number][][] {
  const starts = lineStarts(text);
  const lines: [number, number, number, number][][] = starts.map(() => []);
  let line = 0;
  for (const [offset, ...rest] of segments) {
    while ((starts[line + 1] ?? Infinity) <= offset) line += 1;
    lines[line]?.push([offset - (starts[line] ?? 0), ...rest]);
  }
  return lines;
}
