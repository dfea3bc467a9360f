import { once } from "node:events";
import { runCommand } from "../../command-line/run-command";
import { stopSignal } from "../../command-line/stop-signal";
import { HELP, parseArguments } from "./arguments";
import { startShop } from "./server";

async function main(): Promise<boolean> {
  const { help, ...options } = parseArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return true;
  }
  const stopping = stopSignal("SIGINT", "SIGTERM", "SIGHUP");
  const shop = await startShop(options);
  // Started by hand, or by a program that waits for its URL, and that it does not outlive.
  process.send?.(shop.url);
  console.log(`shop: ${shop.url}`);
  if (!stopping.aborted) {
    await Promise.race([once(stopping, "abort"), once(process, "disconnect")]);
  }
  await shop.stop();
  if (process.connected) process.disconnect();
  return true;
}

runCommand(main);
