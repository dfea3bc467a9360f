import * as parseFunctionModule from "@pulumi/pulumi/runtime/closure/parseFunction";
import { is, record, string } from "superstruct";
import { installedPackages, openCache } from "./cache";

/** What it captures, above all. */
interface Parsed {
  capturedVariables: Record<"required" | "optional", Map<string, unknown>>;
}

type Parse = (text: string) => [error: string, parsed: Parsed | undefined];

const MAX_FUNCTIONS = 2000;

const pulumis = parseFunctionModule as unknown as { parseFunction: Parse };

/**
 * Lets Pulumi parse the text of each function that it serialises once: in a process, and until other packages are
 * installed. Gives what keeps them for the next start, which does not load TypeScript where it knows all of them.
 */
export function keepParsedFunctions(directory: string): () => void {
  const { parseFunction } = pulumis;
  const cache = openCache(directory, "functions");
  const installed = installedPackages(directory);
  // Pulumi takes a variable of such a name for the global.
  const globals = Object.getOwnPropertyNames(globalThis).sort();
  const key = JSON.stringify([process.version, installed, globals]);
  const before = cache.read(key);
  // A struct of what is in them takes longer than to parse the functions.
  const kept = new Map(Object.entries(is(before, record(string(), string())) ? before : {}));
  const parsed = new Map<string, Parsed>();
  const added = new Map<string, Parsed>();

  function known(text: string): Parsed | undefined {
    const result = parsed.get(text) ?? fromKept(kept.get(text));
    if (result) parsed.set(text, result);
    return result;
  }

  pulumis.parseFunction = (text) => {
    const before = known(text);
    if (before) return ["", before];
    const [error, now] = parseFunction(text);
    if (error === "" && now) {
      parsed.set(text, now);
      added.set(text, now);
    }
    return [error, now];
  };
  return () => {
    if (added.size === 0 || installed === "") return;
    if (kept.size + added.size > MAX_FUNCTIONS) kept.clear();
    for (const [text, each] of added) kept.set(text, toKept(each));
    added.clear();
    cache.write(key, Object.fromEntries(kept));
  };
}

function toKept({ capturedVariables: { required, optional }, ...others }: Parsed): string {
  const capturedVariables = { required: [...required], optional: [...optional] };
  return JSON.stringify({ ...others, capturedVariables });
}

function fromKept(text: string | undefined): Parsed | undefined {
  if (text === undefined) return undefined;
  type Kept = Record<"required" | "optional", [string, unknown][]>;
  const { capturedVariables, ...others } = JSON.parse(text) as { capturedVariables: Kept };
  const { required, optional } = capturedVariables;
  return {
    ...others,
    capturedVariables: { required: new Map(required), optional: new Map(optional) },
  };
}
