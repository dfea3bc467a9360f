import { once } from "node:events";
import * as path from "node:path";
import { create, is, literal, number, optional, string, type } from "superstruct";
import { explainError, runCommand } from "../command-line/run-command";
import { stopSignal } from "../command-line/stop-signal";
import { type Arguments, HELP, parseArguments } from "./arguments";
import { withFreePort } from "./inspection";
import { postLines } from "./post-lines";
import { type Posting, readPosting } from "./posting";
import { startStack } from "./stack";
import { hasColours, makeTerminal, type Terminal } from "./terminal";

/** Where index.ts is. */
const PROJECT = path.join(__dirname, "..");

async function main(): Promise<boolean> {
  const { help, ...options } = parseArguments(process.argv.slice(2), process.env["PORT"]);
  if (help) {
    console.log(HELP);
    return true;
  }
  const stopping = stopSignal("SIGINT", "SIGTERM", "SIGHUP");
  try {
    await run(options, stopping);
  } catch (error) {
    // Stopped while it was starting: what failed for that is no news.
    if (!stopping.aborted) throw error;
  }
  return true;
}

/** Until it is stopped. */
async function run(
  { quiet, orders, inspect: wanted, ...options }: Omit<Arguments, "help">,
  stopping: AbortSignal,
): Promise<void> {
  const terminal = makeTerminal({ quiet, colours: hasColours(process.stdout, process.env) });
  const posting = orders === undefined ? undefined : readPosting(PROJECT, orders);
  const inspect = wanted && (await withFreePort(wanted));
  terminal.progress("starting: the program is evaluated and bundled, for about ten seconds …");
  const stack = await startStack({
    ...options,
    inspect,
    signal: stopping,
    onEvent(event) {
      if (!stopping.aborted) terminal.event(event);
    },
  });
  try {
    for (const name of ["apiUrl", "apiKey"]) {
      if (name in stack.outputs) terminal.print(`${name}: ${String(stack.outputs[name])}`);
    }
    terminal.print(`console: ${stack.consoleUrl}`);
    if (inspect) terminal.print(`debugger: 127.0.0.1:${inspect.port} (${inspect.function})`);
    if (posting) await post(posting, stack.outputs, terminal, stopping);
    if (!stopping.aborted) await once(stopping, "abort");
  } finally {
    await stack.stop();
  }
}

const targetStruct = type({ apiUrl: string(), apiKey: optional(string()) });

async function post(
  posting: Posting,
  outputs: Record<string, unknown>,
  { print }: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const target = create(outputs, targetStruct);
  const { lines, file, method, path: route } = posting;
  print(`orders: ${lines.length} lines of ${file} go to ${method} ${target.apiUrl}${route}`);
  const summary = await postLines(posting, target, { signal });
  if (!signal.aborted) summary.forEach((line) => print(line));
}

const portTaken = type({ code: literal("EADDRINUSE"), port: number() });

function explain(error: unknown): string {
  if (!is(error, portTaken)) return explainError(error);
  return `port ${error.port} is taken: choose another one with --port or PORT`;
}

runCommand(main, explain);
