import type { LaptopResult } from "./report";
import { firstStart, measureRound } from "./round";

/** Rounds of each in turn, so that whatever else the machine does meets all of them; their caches are warm. */
export async function measureLaptops(
  sides: readonly { name: string; directory: string }[],
  rounds: number,
  progress: (line: string) => void,
): Promise<LaptopResult[]> {
  const results: LaptopResult[] = [];
  for (const { name, directory } of sides) {
    progress(`laptop: first start, ${name}`);
    results.push({ name, firstReadyMilliseconds: await firstStart(directory), rounds: [] });
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const [i, { name, directory }] of sides.entries()) {
      progress(`laptop: round ${round} of ${rounds}, ${name}`);
      results[i]?.rounds.push(await measureRound(directory));
    }
  }
  return results;
}
