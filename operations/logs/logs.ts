import type { StoredOrder } from "../../handlers/life";
import { formatAge } from "../ages";
import { showHistories } from "../redrive/histories";
import type { LogsCommand } from "./arguments";
import { entryText, isMetrics, levelOf, parseEntry } from "./entry";
import { fieldPattern, type LogLine, type LogQuery, textPattern } from "./log-events";

export interface LogsDeps {
  /** Each function, by its name in index.ts, with what finds entries in its log group. */
  functions: Record<string, (query: LogQuery) => Promise<LogLine[]>>;
  readOrder(orderId: string): Promise<StoredOrder | undefined>;
  say(line: string): void;
  now(): Date;
}

const FUNCTION_COLUMN = "reconcile-orders".length;
const LEVEL_COLUMN = "ERROR".length;

/** `since` in milliseconds. Gives false when there is neither an entry of the order nor the order. */
export async function showLogs(
  deps: LogsDeps,
  command: LogsCommand,
  since: number,
): Promise<boolean> {
  const isOrder = command.kind === "order";
  const pattern = isOrder ? fieldPattern("orderId", command.orderId) : textPattern(command.text);
  const entries = await entriesOf(deps, { pattern, from: deps.now().getTime() - since });
  const lines = folded(
    entries.map(({ at, name, entry }) => {
      const level = levelOf(entry).padEnd(LEVEL_COLUMN);
      const text = entryText(entry, isOrder ? ["orderId"] : []);
      return { at, text: [name.padEnd(FUNCTION_COLUMN), level, text].join("  ") };
    }),
  );
  for (const { at, text, times, last } of lines) {
    const more = times === 1 ? "" : `  (${times} times, until ${timeText(last)})`;
    deps.say(`${timeText(at)}  ${text}${more}`);
  }
  if (lines.length === 0) {
    const further = "--since looks further back";
    deps.say(
      `No log entries in the last ${formatAge(since)}: ${further}, as far as logs are kept.`,
    );
  }
  if (!isOrder) return true;
  deps.say("");
  return (await showHistories(deps, [command.orderId])) || lines.length > 0;
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}

/** Equal neighbours as one: a function that fails at every invocation would fill the screen. */
function folded(lines: { at: number; text: string }[]) {
  const all: { at: number; text: string; times: number; last: number }[] = [];
  for (const { at, text } of lines) {
    const before = all.at(-1);
    if (before?.text === text) Object.assign(before, { times: before.times + 1, last: at });
    else all.push({ at, text, times: 1, last: at });
  }
  return all;
}

/** Over all functions, oldest first. */
async function entriesOf({ functions }: LogsDeps, query: LogQuery) {
  const ofFunctions = await Promise.all(
    Object.entries(functions).map(async ([name, find]) =>
      (await find(query)).map(({ at, message }) => ({ at, name, entry: parseEntry(message) })),
    ),
  );
  return ofFunctions
    .flat()
    .filter(({ entry }) => !isMetrics(entry))
    .sort((a, b) => a.at - b.at);
}
