import { once } from "node:events";
import { HELP, parseArguments } from "./arguments";
import { runCommand } from "./command";
import { eventLine } from "./event-line";
import type { StackEvent } from "./events";
import { startLocalStack } from "./stack";

const ONE_PRESS_MILLISECONDS = 500;

async function main(): Promise<boolean> {
  const { help, ...options } = parseArguments(process.argv.slice(2), process.env["PORT"]);
  if (help) {
    console.log(HELP);
    return true;
  }
  const stopping = stopSignal();
  const onEvent = (event: StackEvent) => {
    if (!stopping.aborted) console.log(eventLine(event, new Date()));
  };
  try {
    const local = await startLocalStack({ ...options, onEvent, signal: stopping });
    for (const name of ["apiUrl", "apiKey"]) {
      if (name in local.outputs) console.log(`${name}: ${String(local.outputs[name])}`);
    }
    if (!stopping.aborted) await once(stopping, "abort");
    await local.stop();
  } catch (error) {
    // Stopped while it was starting: whatever broke off for that is no news.
    if (!stopping.aborted) throw error;
  }
  return true;
}

/** Aborted by Ctrl-C; a second one does not wait for anything. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let stoppedAt = Infinity;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // npm passes a Ctrl-C on that has reached us by itself: that is one, not two.
      if (Date.now() - stoppedAt > ONE_PRESS_MILLISECONDS) process.exit(1);
      if (!controller.signal.aborted) stoppedAt = Date.now();
      controller.abort();
    });
  }
  return controller.signal;
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE") {
    const { port } = error as { port?: number };
    return `port ${port ?? ""} is taken: choose another one with --port or PORT`;
  }
  return message;
}

runCommand(main, explain);
