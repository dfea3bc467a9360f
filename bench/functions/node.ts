import { spreadOf } from "../spread";
import type { RecordedInvocation } from "./record";
import { atNow, labelOf, type Replay } from "./replay";
import type { Init, Samples, Warm } from "./result";
import type { Subject } from "./subject";
import type { Timing } from "./worker";
import { startWorker, type Worker } from "./worker-process";

export interface Measured {
  name: string;
  archive: Subject;
  invoked?: Invoked;
}

interface Invoked extends RecordedInvocation {
  floor: Subject;
  /** In milliseconds since 1970. */
  recordedAt: number;
}

/** The init of each in as many new processes, in turn. */
export async function measureInits(
  subjects: Subject[],
  node: string,
  count: number,
): Promise<(subject: Subject) => Init> {
  const timings = new Map(subjects.map((subject) => [subject, [] as Timing[]]));
  for (let n = 0; n < count; n += 1) {
    for (const [subject, known] of timings) {
      const worker = await startWorker(subject, node);
      known.push(worker.init);
      await worker.stop();
    }
  }
  return (subject) => {
    const known = timings.get(subject) ?? [];
    return {
      wallMilliseconds: spreadOf(known.map(({ wallMilliseconds }) => wallMilliseconds)),
      cpuMilliseconds: spreadOf(known.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    };
  };
}

interface Means {
  samples: Samples;
  replay: Replay;
  node: string;
}

/** Rounds of a function and its floor in turn, each beginning every other time. */
export async function measureWarm(
  archive: Subject,
  { event, calls, floor, recordedAt }: Invoked,
  { samples, replay, node }: Means,
): Promise<Omit<Warm, "floorInit">> {
  const { warmUp, rounds, invocations } = samples;
  replay.expect(calls);
  const workers = [await startWorker(archive, node), await startWorker(floor, node)] as const;
  const cpu = async (worker: Worker, count: number) => {
    const eventOfNow: unknown = JSON.parse(atNow(JSON.stringify(event), recordedAt));
    const { cpuMilliseconds } = await worker.run(eventOfNow, count);
    replay.check();
    return cpuMilliseconds / count;
  };
  const [ofArchive, ofFloor] = workers;
  const cpus: [number, number][] = [];
  try {
    for (const worker of workers) await cpu(worker, warmUp);
    for (let n = 0; n < rounds; n += 1) {
      const early = n % 2 === 0 ? await cpu(ofArchive, invocations) : undefined;
      const floorCpu = await cpu(ofFloor, invocations);
      cpus.push([early ?? (await cpu(ofArchive, invocations)), floorCpu]);
    }
  } finally {
    for (const worker of workers) await worker.stop();
  }
  return {
    calls: calls.map(labelOf),
    cpuMilliseconds: spreadOf(cpus.map(([own]) => own)),
    floorCpuMilliseconds: spreadOf(cpus.map(([, ofCalls]) => ofCalls)),
    ratio: spreadOf(cpus.map(([own, ofCalls]) => own / ofCalls)),
  };
}
