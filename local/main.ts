import { once } from "node:events";
import { parseArgs } from "node:util";
import { runCommand } from "./command";
import { eventLine } from "./event-line";
import type { StackEvent } from "./events";
import { chaos } from "./faults";
import { startLocalStack } from "./stack";

const DEFAULT_PORT = 3000;
const ONE_PRESS_MILLISECONDS = 500;

const HELP = `Runs the whole stack on this machine.

  npm start [-- --port <port>] [--stack <name>] [--chaos <rate>] [--seed <n>]

  --port <port>    where the API listens on 127.0.0.1 (default ${DEFAULT_PORT}, or $PORT; 0: any)
  --stack <name>   whose config to use, from Pulumi.<name>.yaml (default dev)
  --chaos <rate>   lets calls to AWS go wrong, with this probability (0 to 1): throttled, lost, late,
                   or deadly for the process that makes them
  --seed <n>       which calls those are (default 1)
  --help           this text

Stop it with Ctrl-C. Everything is in memory: orders are gone when it stops.`;

async function main(): Promise<boolean> {
  const { port, stack, help, faults } = parseArguments();
  if (help) {
    console.log(HELP);
    return true;
  }
  const stopping = stopSignal();
  const onEvent = (event: StackEvent) => {
    if (!stopping.aborted) console.log(eventLine(event, new Date()));
  };
  try {
    const local = await startLocalStack({ port, stack, onEvent, faults, signal: stopping });
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

function parseArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: process.env["PORT"] ?? String(DEFAULT_PORT) },
      stack: { type: "string", default: "dev" },
      chaos: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not ${values.port}`);
  }
  const rate = Number(values.chaos);
  if (!(rate >= 0 && rate <= 1)) {
    throw new Error(`--chaos takes a probability from 0 to 1, not ${values.chaos}`);
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  return { ...values, port, faults: chaos(rate, seed) };
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
