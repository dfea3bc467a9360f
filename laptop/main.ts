import { once } from "node:events";
import { is, literal, number, type } from "superstruct";
import { explainError, runCommand } from "../command-line/run-command";
import { stopSignal } from "../command-line/stop-signal";
import { HELP, parseArguments } from "./arguments";
import { eventLine } from "./event-line";
import type { StackEvent } from "./events";
import { startStack } from "./stack";

async function main(): Promise<boolean> {
  const { help, ...options } = parseArguments(process.argv.slice(2), process.env["PORT"]);
  if (help) {
    console.log(HELP);
    return true;
  }
  const stopping = stopSignal("SIGINT", "SIGTERM", "SIGHUP");
  const onEvent = (event: StackEvent) => {
    const line = eventLine(event, new Date());
    if (!stopping.aborted && line !== undefined) console.log(line);
  };
  try {
    const stack = await startStack({ ...options, onEvent, signal: stopping });
    for (const name of ["apiUrl", "apiKey"]) {
      if (name in stack.outputs) console.log(`${name}: ${String(stack.outputs[name])}`);
    }
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
