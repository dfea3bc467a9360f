import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { text } from "node:stream/consumers";

/** What became of a runbook's command. */
export interface CommandResult {
  command: string;
  exitCode: number;
  output: string;
}

const PROJECT = path.join(__dirname, "..");

/**
 * Runs one of the runbook's `npm run` commands as an operator would, on the laptop stack at this address in
 * the place of the stack that it names. Undefined for others: they need AWS itself.
 */
export async function runOnLaptop(
  command: string,
  { address, orderId }: { address: string; orderId: string },
): Promise<CommandResult | undefined> {
  if (!command.startsWith("npm run ")) return undefined;
  const onLaptop = command
    .replace("--stack dev", `--endpoint ${address}`)
    .replaceAll("<orderId>", orderId)
    // It asks how many orders it is to redrive: nobody is there to answer.
    .replace(/^npm run redrive .*--all/, "$& --yes")
    .replace(/^npm run /, "npm run --silent ");
  const child = spawn("bash", ["-c", onLaptop], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { command, exitCode: code ?? 1, output: output + errors };
}
