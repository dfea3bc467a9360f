import { runSeeds } from "../simulation/seeds";
import { type Spread, spreadOf } from "./spread";

export interface SimulationResult {
  histories: number;
  /** Histories a second, on all cores. */
  perSecond: Spread;
}

const HISTORIES = 1500;
const ROUNDS = 3;

/** The same seeds each time; the first round is warm-up. Throws when one of them breaks the promise. */
export async function measureSimulation(
  progress: (line: string) => void,
): Promise<SimulationResult> {
  const readings: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    progress(`simulation: round ${round} of ${ROUNDS}`);
    const started = performance.now();
    const { broken } = await runSeeds({ from: 1, count: HISTORIES });
    if (broken[0]) throw new Error(`seed ${broken[0].seed} breaks the promise`);
    if (round > 0) readings.push(HISTORIES / ((performance.now() - started) / 1000));
  }
  return { histories: HISTORIES, perSecond: spreadOf(readings) };
}

export function simulationReport({ histories, perSecond }: SimulationResult): string {
  return [
    "| simulation | median | min to max |",
    "| --- | --- | --- |",
    `| histories a second, ${histories} of them | ${perSecond.median.toFixed(0)} | ${perSecond.min.toFixed(0)} to ${perSecond.max.toFixed(0)} |`,
  ].join("\n");
}
