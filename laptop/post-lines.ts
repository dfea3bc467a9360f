import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { oneLine } from "./event-line";
import type { Posting } from "./posting";
import { makeSemaphore } from "./semaphore";

export interface Target {
  /** Ends in "/". */
  apiUrl: string;
  apiKey?: string | undefined;
}

export interface PostingOptions {
  fetch?: typeof fetch;
  pause?: (milliseconds: number) => Promise<unknown>;
  signal?: AbortSignal;
}

const CONCURRENT_REQUESTS = 8;
const MAX_TRIES = 8;
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 35_000;
const SHOWN_PROBLEMS = 5;
const NO_TOKEN =
  "the API asks for a token, which --orders has not: post with one (npm run token), or to a stack without tokens";

/** What became of a line, by its number from 1; undefined for an accepted one. */
type Problems = Map<number, string>;

/**
 * Posts each line, and repeats what may succeed the next time; the rest goes on where one is refused. Gives a
 * summary in words: how many were accepted, and what is wrong with the first of the others.
 */
export async function postLines(
  posting: Posting,
  target: Target,
  options: PostingOptions = {},
): Promise<string[]> {
  const { lines } = posting;
  const problems: Problems = new Map();
  const stopping = new AbortController();
  const isOver = () => stopping.signal.aborted || options.signal?.aborted === true;
  const places = makeSemaphore(CONCURRENT_REQUESTS);
  let accepted = 0;
  await Promise.all(
    lines.map(async ({ number, text }) => {
      const release = await places.acquire();
      try {
        if (isOver()) return;
        const problem = isJson(text)
          ? await post(posting, target, text, options)
          : "it is not JSON, and was not posted";
        if (problem === undefined) accepted += 1;
        else problems.set(number, problem);
        if (problem === NO_TOKEN) stopping.abort();
      } finally {
        release();
      }
    }),
  );
  return summaryOf(posting, accepted, problems);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function summaryOf({ file, lines }: Posting, accepted: number, problems: Problems): string[] {
  const first = [...problems].sort(([one], [other]) => one - other).slice(0, SHOWN_PROBLEMS);
  const others = problems.size - first.length;
  return [
    `orders: ${accepted} of ${lines.length} lines of ${file} were accepted`,
    ...first.map(([number, problem]) => `orders: line ${number}: ${oneLine(problem)}`),
    ...(others > 0 ? [`orders: ${others} more lines were not accepted`] : []),
  ];
}

async function post(
  { method, path }: Posting,
  { apiUrl, apiKey }: Target,
  body: string,
  { fetch: send = fetch, pause = setTimeout, signal }: PostingOptions,
): Promise<string | undefined> {
  const headers = {
    "Content-Type": "application/json",
    // A repetition of a request whose response was lost is none of its own.
    "Idempotency-Key": randomUUID(),
    ...(apiKey !== undefined && { "X-API-Key": apiKey }),
  };
  for (let tries = 1; ; tries += 1) {
    const timeout = AbortSignal.timeout(REQUEST_MILLISECONDS);
    const response = await send(apiUrl + path, { method, headers, body, signal: timeout }).catch(
      (error: unknown) => error as Error,
    );
    const isLast = tries === MAX_TRIES || signal?.aborted === true;
    if (!isLast && isPassing(response)) await pause(pauseAfter(response, tries));
    else return problemIn(response);
  }
}

function isPassing(response: Response | Error): boolean {
  return response instanceof Error || response.status === 429 || response.status >= 500;
}

function pauseAfter(response: Response | Error, tries: number): number {
  const seconds = response instanceof Error ? 0 : Number(response.headers.get("Retry-After"));
  const longest = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** tries);
  return seconds > 0 ? seconds * 1000 : (longest / 2) * (1 + Math.random());
}

async function problemIn(response: Response | Error): Promise<string | undefined> {
  if (response instanceof Error) return `no response: ${response.message}`;
  const text = await response.text();
  if (response.ok) return undefined;
  if (response.status === 401) return NO_TOKEN;
  return `${response.status} ${wordsOf(text)}`;
}

/** What problem details say, as RFC 9457 has them; or the text itself. */
function wordsOf(text: string): string {
  if (!isJson(text)) return text.slice(0, 200);
  const { detail, errors } = Object(JSON.parse(text)) as {
    detail?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const violations = errors?.map((each) => `${each.pointer} ${each.detail}`.trim()).join("; ");
  return violations ?? detail ?? text.slice(0, 200);
}
