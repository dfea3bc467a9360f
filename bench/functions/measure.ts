import { execFileSync } from "node:child_process";
import { deflateRawSync } from "node:zlib";
import { makeCleanup, temporaryDirectory } from "../../laptop/cleanup";
import { floorOf } from "./floor";
import { type Measured, measureInits, measureWarm } from "./node";
import { recordFunctions, type Recording } from "./record";
import { type Replay, startReplay } from "./replay";
import type { ArchiveSize, FunctionFigures, FunctionsResult, NodeFigures, Samples } from "./result";
import { type DeployedFunction, unpackSubject } from "./subject";

export interface NodeBinary {
  /** Such as "20". */
  name: string;
  /** Undefined where it was not found. */
  path: string | undefined;
}

export interface FunctionsOptions {
  /** The checkout whose program is run, with its packages installed. */
  directory: string;
  /** Whose config; "dev" by default. "closed" has all functions. */
  stack?: string;
  nodes: NodeBinary[];
  samples?: Partial<Samples>;
  progress: (line: string) => void;
}

const SAMPLES: Samples = { inits: 11, warmUp: 1000, rounds: 15, invocations: 60 };

/** The archives that a checkout's program registers: their sizes, their init, and the CPU of an invocation. */
export async function measureFunctions(options: FunctionsOptions): Promise<FunctionsResult> {
  const { directory, stack = "dev", nodes, progress } = options;
  const samples = { ...SAMPLES, ...options.samples };
  const cleanup = makeCleanup();
  try {
    progress("functions: one order is sent through the program, and what AWS answers is recorded");
    const recording = await recordFunctions(directory, stack);
    const replay = await startReplay(recording.at);
    cleanup.add(() => replay.stop());
    const measured = await unpackAll(recording, replay, directory, temporaryDirectory(cleanup));
    const archives = recording.functions.map(sizeOf);
    const figures: NodeFigures[] = [];
    for (const node of nodes) {
      figures.push(await measureNode(node, measured, { samples, replay, progress }));
    }
    return { archives, nodes: figures, samples };
  } finally {
    await cleanup.run();
  }
}

/** All functions, each of those that have been invoked beside its floor. */
async function unpackAll(
  { functions, invocations, endpoint, region, at }: Recording,
  replay: Replay,
  directory: string,
  parent: string,
): Promise<Measured[]> {
  const aws = { endpoint: replay.url, region };
  const here = <T>(value: T) =>
    JSON.parse(JSON.stringify(value).replaceAll(endpoint, replay.url)) as T;
  const unpack = (label: string, each: DeployedFunction) =>
    unpackSubject(parent, label, here(each), aws);
  return Promise.all(
    functions.map(async (each) => {
      const { name } = each;
      const archive = unpack(name, each);
      const invocation = invocations[name] && here(invocations[name]);
      if (!invocation) return { name, archive };
      const floor = unpack(`${name}-floor`, await floorOf(each, invocation.calls, directory));
      return { name, archive, invoked: { ...invocation, floor, recordedAt: at } };
    }),
  );
}

/** As @pulumi/aws's zip file has it: what is deflated, with the two headers of each file and the end. */
function sizeOf({ name, files }: DeployedFunction): ArchiveSize {
  let zippedBytes = 22;
  let unzippedBytes = 0;
  for (const [file, text] of Object.entries(files)) {
    zippedBytes += deflateRawSync(text).length + 30 + 46 + 2 * Buffer.byteLength(file);
    unzippedBytes += Buffer.byteLength(text);
  }
  return { name, zippedBytes, unzippedBytes };
}

interface Means {
  samples: Samples;
  replay: Replay;
  progress: (line: string) => void;
}

async function measureNode(
  { name, path }: NodeBinary,
  measured: Measured[],
  { samples, replay, progress }: Means,
): Promise<NodeFigures> {
  if (path === undefined) return { name, version: undefined, functions: [] };
  const version = execFileSync(path, ["-p", "process.version"], { encoding: "utf8" }).trim();
  const subjects = measured.flatMap(({ archive, invoked }) =>
    invoked ? [archive, invoked.floor] : [archive],
  );
  progress(`functions: init on Node ${version}`);
  const initOf = await measureInits(subjects, path, samples.inits);
  const functions: FunctionFigures[] = [];
  for (const { name: ofFunction, archive, invoked } of measured) {
    const figures = { name: ofFunction, init: initOf(archive) };
    if (!invoked) {
      functions.push(figures);
      continue;
    }
    progress(`functions: ${ofFunction} and its floor on Node ${version}`);
    const warm = await measureWarm(archive, invoked, { samples, replay, node: path });
    functions.push({ ...figures, warm: { ...warm, floorInit: initOf(invoked.floor) } });
  }
  return { name, version, functions };
}
