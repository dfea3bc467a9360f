import { parentPort, workerData } from "node:worker_threads";
import { runHistory } from "./history";
import { planOf } from "./plan";
import { noResults, type SeedResults } from "./results";

/** Runs the seeds it is sent, and answers with what came of them. */
// Where handlers fail as planned, nobody reads a stack.
Error.stackTraceLimit = 0;
const { stopAtFirst } = workerData as { stopAtFirst: boolean };
parentPort?.on("message", ({ from, to }: { from: number; to: number }) => {
  void runSeeds(from, to).then((results) => parentPort?.postMessage(results));
});

async function runSeeds(from: number, to: number): Promise<SeedResults> {
  const results = noResults();
  for (let seed = from; seed < to; seed += 1) {
    const { violations, orders, milliseconds, faults, hints } = await runHistory(planOf(seed));
    results.histories += 1;
    results.orders += orders.length;
    results.milliseconds += milliseconds;
    results.faults += faults.length;
    results.hints += hints;
    for (const { status } of orders) {
      results.statuses[status] = (results.statuses[status] ?? 0) + 1;
    }
    const [violation] = violations;
    if (!violation) continue;
    results.broken.push({ seed, ...violation });
    if (stopAtFirst) break;
  }
  return results;
}
