import { once } from "node:events";
import { is, literal, number, type } from "superstruct";
import { explainError, runCommand } from "../command-line/run-command";
import { stopSignal } from "../command-line/stop-signal";
import { HELP, parseArguments } from "./arguments";
import type { StackEvent } from "./events";
import { withFreePort } from "./inspection";
import { startStack } from "./stack";
import { hasColours, makeTerminal } from "./terminal";

async function main(): Promise<boolean> {
  const {
    help,
    quiet,
    inspect: wanted,
    ...options
  } = parseArguments(process.argv.slice(2), process.env["PORT"]);
  if (help) {
    console.log(HELP);
    return true;
  }
  const stopping = stopSignal("SIGINT", "SIGTERM", "SIGHUP");
  const colours = hasColours(process.stdout, process.env);
  const terminal = makeTerminal({ quiet, colours });
  const onEvent = (event: StackEvent) => {
    if (!stopping.aborted) terminal.event(event);
  };
  try {
    const inspect = wanted && (await withFreePort(wanted));
    terminal.progress("starting: the program is evaluated and bundled, for about ten seconds …");
    const stack = await startStack({ ...options, inspect, onEvent, signal: stopping });
    for (const name of ["apiUrl", "apiKey"]) {
      if (name in stack.outputs) terminal.print(`${name}: ${String(stack.outputs[name])}`);
    }
    terminal.print(`console: ${stack.consoleUrl}`);
    if (inspect) terminal.print(`debugger: 127.0.0.1:${inspect.port} (${inspect.function})`);
    if (!stopping.aborted) await once(stopping, "abort");
    await stack.stop();
  } catch (error) {
    // Stopped while it was starting: what failed for that is no news.
    if (!stopping.aborted) throw error;
  }
  return true;
}

const portTaken = type({ code: literal("EADDRINUSE"), port: number() });

function explain(error: unknown): string {
  if (!is(error, portTaken)) return explainError(error);
  return `port ${error.port} is taken: choose another one with --port or PORT`;
}

runCommand(main, explain);
