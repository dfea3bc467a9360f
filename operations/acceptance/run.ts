import { type AcceptanceCase, type Client, NotRun } from "./acceptance-case";
import type { KnownDifference, Target } from "./known-differences";

export const OUTCOMES = ["passed", "failed", "not run", "different as known"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Result {
  id: string;
  title: string;
  outcome: Outcome;
  milliseconds: number;
  /** The difference, why it was not run, or why a difference was to be expected. */
  detail?: string;
}

export interface RunOptions {
  target: Target;
  knownDifferences: KnownDifference[];
  isStopped: () => boolean;
  /** Gets each result at once. */
  onResult: (result: Result) => void;
}

/** One case after the other; once stopped, those that are left are not run. */
export async function runCases(
  cases: AcceptanceCase[],
  client: Client,
  { target, knownDifferences, isStopped, onResult }: RunOptions,
): Promise<Result[]> {
  const known = knownDifferences.filter(({ on }) => on === target);
  const results: Result[] = [];
  for (const each of cases) {
    const started = performance.now();
    const judged = isStopped() ? STOPPED : await judge(each, client, known);
    const milliseconds = Math.round(performance.now() - started);
    const result = { id: each.id, title: each.title, ...judged, milliseconds };
    results.push(result);
    onResult(result);
  }
  return results;
}

type Judged = Pick<Result, "outcome" | "detail">;

const STOPPED: Judged = { outcome: "not run", detail: "stopped" };

async function judge(
  { id, run }: AcceptanceCase,
  client: Client,
  known: KnownDifference[],
): Promise<Judged> {
  const expected = known.find((each) => each.id === id);
  try {
    await run(client);
    return expected
      ? { outcome: "passed", detail: `although known to be different: ${expected.reason}` }
      : { outcome: "passed" };
  } catch (error) {
    if (error instanceof NotRun) return { outcome: "not run", detail: error.message };
    const detail = sentenceOf(error);
    return expected
      ? { outcome: "different as known", detail: `${expected.reason} (${detail})` }
      : { outcome: "failed", detail };
  }
}

/** What fetch throws says why in its cause only. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
