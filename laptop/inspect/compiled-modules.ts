import { decode } from "@jridgewell/sourcemap-codec";
import * as ts from "typescript";
import { lineStarts } from "./line-starts";

/** What ts-node has made of a source file. */
export interface CompiledModule {
  text: string;
  source: string;
  sourceContent: string;
  /** Offset in `text`, and line and column of the source, both from 0. */
  segments: (readonly [offset: number, line: number, column: number])[];
  /** Offsets in `text`, each from a function's parameters to its end. */
  functions: { from: number; to: number }[];
}

const INLINE_MAP = "\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,";

interface InlineMap {
  sources: string[];
  sourcesContent: string[];
  mappings: string;
}

/** Undefined for a text that carries no source map, as ts-node writes it at its end. */
export function parseCompiled(content: string): CompiledModule | undefined {
  const at = content.lastIndexOf(INLINE_MAP);
  if (at < 0) return undefined;
  const json = Buffer.from(content.slice(at + INLINE_MAP.length), "base64").toString();
  const { sources, sourcesContent, mappings } = JSON.parse(json) as InlineMap;
  const [source = "", sourceContent = ""] = [sources[0], sourcesContent[0]];
  const text = content.slice(0, at);
  return {
    text,
    source,
    sourceContent,
    segments: segmentsOf(text, mappings),
    functions: functionsOf(text),
  };
}

function segmentsOf(text: string, mappings: string): CompiledModule["segments"] {
  const starts = lineStarts(text);
  return decode(mappings).flatMap((line, i) =>
    line.flatMap(([column, , sourceLine, sourceColumn]) =>
      sourceLine === undefined
        ? []
        : [[(starts[i] ?? 0) + column, sourceLine, sourceColumn ?? 0] as const],
    ),
  );
}

/** Serialisation leaves a function's parameters and its body as they are, whatever it makes of the name. */
function functionsOf(text: string): CompiledModule["functions"] {
  const found: CompiledModule["functions"] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node) {
      found.push({ from: startOf(node), to: node.end });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("module.js", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS));
  return found;
}

function startOf(node: ts.SignatureDeclaration): number {
  // An arrow function's only parameter may be without parentheses.
  return ts.isArrowFunction(node) ? node.getStart() : node.parameters.pos - 1;
}
