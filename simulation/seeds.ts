import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { bundleWorker } from "./bundle-worker";
import type { PlantedBug } from "./planted";
import { added, noResults, type SeedResults } from "./results";

export interface SeedsOptions {
  from: number;
  count: number;
  /** A bug in one source file that all histories run with. */
  bug?: PlantedBug;
  /** Ends with the first history that breaks a promise. */
  stopAtFirst?: boolean;
  threads?: number;
  onProgress?: (results: SeedResults) => void;
}

const CHUNK = 50;
/** Where the first that breaks a promise ends it. */
const SMALL_CHUNK = 10;

/** Runs the histories of many seeds on all cores. */
export async function runSeeds(options: SeedsOptions): Promise<SeedResults> {
  const { threads = availableParallelism() } = options;
  const directory = mkdtempSync(path.join(tmpdir(), "order-processing-simulation-"));
  try {
    const chunks = makeChunks(options);
    const file = await bundleWorker(directory, options.bug);
    await Promise.all(Array.from({ length: threads }, () => work(file, options, chunks)));
    return chunks.results();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Chunk {
  from: number;
  to: number;
}

/** What is left to do, and what came of what is done. */
function makeChunks({ from, count, stopAtFirst = false, onProgress }: SeedsOptions) {
  const end = from + count;
  let next = from;
  let results = noResults();
  return {
    next(): Chunk | undefined {
      if (next >= end || (stopAtFirst && results.broken.length > 0)) return undefined;
      const chunk = { from: next, to: Math.min(end, next + (stopAtFirst ? SMALL_CHUNK : CHUNK)) };
      next = chunk.to;
      return chunk;
    },
    add(more: SeedResults): void {
      results = added(results, more);
      onProgress?.(results);
    },
    results: (): SeedResults => ({
      ...results,
      broken: results.broken.toSorted((a, b) => a.seed - b.seed),
    }),
  };
}

/** One thread, until no chunk is left. */
async function work(
  file: string,
  { stopAtFirst = false }: SeedsOptions,
  chunks: ReturnType<typeof makeChunks>,
): Promise<void> {
  const worker = new Worker(file, {
    workerData: { stopAtFirst },
    // Nearly all that a history makes is soon garbage.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  try {
    for (let chunk = chunks.next(); chunk; chunk = chunks.next()) {
      chunks.add(await answerOf(worker, chunk));
    }
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker, chunk: Chunk): Promise<SeedResults> {
  return new Promise((resolve, reject) => {
    worker.once("message", (results: SeedResults) => {
      worker.off("error", reject);
      resolve(results);
    });
    worker.once("error", reject);
    worker.postMessage(chunk);
  });
}
