import { cpuMilliseconds } from "../laptop/processes";
import { type Spread, spreadOf } from "../spread";
import { type CountedStack, ofKind } from "./counted-stack";

/** Of an invocation, in milliseconds: over several rounds. */
export type CpuTime = Spread;

/** By function. */
export type CpuTimes = ReadonlyMap<string, CpuTime>;

export interface Repetitions {
  /** How often something is done before it is measured. */
  warmUp: number;
  rounds: number;
  ofRound: number;
}

/** Something that is done over and over on a stack, by itself. */
export interface Repeated {
  stack: CountedStack;
  act: () => Promise<unknown>;
}

/** The CPU time of what each of these does, warm, in rounds that alternate between them. From /proc: Linux only. */
export async function measureCpu(
  all: readonly Repeated[],
  { warmUp, rounds, ofRound }: Repetitions,
): Promise<CpuTimes[]> {
  const readings = all.map((): Map<string, number>[] => []);
  for (const { act } of all) await repeat(warmUp, act);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, { stack, act }] of all.entries()) {
      readings[i]?.push(await cpuOfInvocations(stack, () => repeat(ofRound, act)));
    }
  }
  return readings.map(spreadsOf);
}

async function repeat(times: number, act: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i += 1) await act();
}

function spreadsOf(rounds: readonly ReadonlyMap<string, number>[]): CpuTimes {
  const names = new Set(rounds.flatMap((each) => [...each.keys()]));
  return new Map(
    [...names].map((name) => [name, spreadOf(rounds.flatMap((each) => each.get(name) ?? []))]),
  );
}

/** Of each function; of an invocation, in milliseconds. */
async function cpuOfInvocations(
  { laptop: { events }, made }: CountedStack,
  act: () => Promise<unknown>,
): Promise<Map<string, number>> {
  const functionOf = new Map<number, string>();
  for (const { pid, function: name } of ofKind(events, "invocation")) functionOf.set(pid, name);
  const before = new Map([...functionOf.keys()].map((pid) => [pid, cpuMilliseconds(pid)]));
  events.length = 0;
  made.length = 0;
  await act();
  const invoked = ofKind(events, "invocation").map((event) => event.function);
  return new Map(
    [...new Set(invoked)].map((name) => {
      const pids = [...functionOf.keys()].filter((pid) => functionOf.get(pid) === name);
      const taken = pids.map((pid) => cpuMilliseconds(pid) - (before.get(pid) ?? 0));
      const times = invoked.filter((each) => each === name).length;
      return [name, taken.reduce((total, each) => total + each, 0) / times];
    }),
  );
}
