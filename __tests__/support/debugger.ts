import { decode, type SourceMapMappings } from "@jridgewell/sourcemap-codec";
import { array, assert, type Infer, number, optional, string, type } from "superstruct";
import { eventually } from "../../harness/eventually";
import { openWebSocket } from "./web-socket";

export interface Place {
  file: string;
  /** From 1, as editors count. */
  line: number;
}

interface Script {
  scriptId: string;
  sources: string[];
  mappings: SourceMapMappings;
}

const location = type({ scriptId: string(), lineNumber: number(), columnNumber: number() });
const paused = type({ callFrames: array(type({ location })) });
const parsed = type({ scriptId: string(), sourceMapURL: optional(string()) });
const list = array(type({ webSocketDebuggerUrl: string() }));
const sourceMap = type({ sources: array(string()), mappings: string() });

/** A debugger such as editors have: it finds lines of sources by the source maps of what runs. */
export async function attachDebugger(port: number) {
  const url = await eventually("the inspector", () => webSocketUrl(port));
  const scripts: Script[] = [];
  const pauses: Infer<typeof location>[] = [];
  const replies = new Map<number, (result: unknown) => void>();
  const socket = await openWebSocket(url, (text) => {
    const { id, method, params, result } = JSON.parse(text) as Record<string, unknown>;
    if (typeof id === "number") replies.get(id)?.(result);
    if (method === "Debugger.scriptParsed") scripts.push(...scriptOf(params));
    if (method === "Debugger.paused") {
      assert(params, paused);
      pauses.push(...params.callFrames.slice(0, 1).map((frame) => frame.location));
    }
  });
  const call = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      replies.set(replies.size + 1, resolve);
      socket.send(JSON.stringify({ id: replies.size, method, params }));
    });
  await call("Debugger.enable");
  return {
    /** Stops at the line from now on, once it is loaded. */
    async breakAt(place: Place): Promise<void> {
      const found = await eventually(`${place.file} to be loaded`, () => find(scripts, place));
      await call("Debugger.setBreakpoint", { location: found });
    },
    /** Waits until it has stopped, and says where. */
    async paused(): Promise<Place | undefined> {
      return originalOf(scripts, await eventually("it to stop", () => pauses.shift()));
    },
    resume: () => call("Debugger.resume"),
    close: () => socket.close(),
  };
}

async function webSocketUrl(port: number): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
  if (!response) return undefined;
  const targets: unknown = await response.json();
  assert(targets, list);
  return targets[0]?.webSocketDebuggerUrl;
}

function scriptOf(params: unknown): Script[] {
  assert(params, parsed);
  const [, base64] = /^data:application\/json;.*base64,(.*)$/.exec(params.sourceMapURL ?? "") ?? [];
  if (base64 === undefined) return [];
  const map: unknown = JSON.parse(Buffer.from(base64, "base64").toString());
  assert(map, sourceMap);
  const { sources, mappings } = map;
  return [{ scriptId: params.scriptId, sources, mappings: decode(mappings) }];
}

/** Where what is written in the line begins. */
function find(scripts: Script[], { file, line }: Place) {
  for (const { scriptId, sources, mappings } of scripts) {
    const source = sources.findIndex((each) => each.endsWith(file));
    for (const [lineNumber, segments] of mappings.entries()) {
      const segment = segments.find(([, from, at]) => from === source && at === line - 1);
      if (segment) return { scriptId, lineNumber, columnNumber: segment[0] };
    }
  }
  return undefined;
}

function originalOf(
  scripts: Script[],
  { scriptId, lineNumber, columnNumber }: Infer<typeof location>,
): Place | undefined {
  const script = scripts.find((each) => each.scriptId === scriptId);
  const segment = script?.mappings[lineNumber]?.findLast(([column]) => column <= columnNumber);
  const [, source, line] = segment ?? [];
  if (source === undefined || line === undefined) return undefined;
  return { file: script?.sources[source] ?? "", line: line + 1 };
}
