import { spawn } from "node:child_process";
import type { ProgramManifest } from "../program/package-json";
import type { CommandResult, ProgramCommand } from "./protocol";

const MAX_OUTPUT = 100_000;

/** The program's own commands, as package.json names them, with the URL of the running stack in its place. */
export function commandsOf(
  { commands }: Pick<ProgramManifest, "commands">,
  awsEndpoint: string,
): ProgramCommand[] {
  return commands.map(({ name, title, run }) => ({
    ...{ name, title },
    command: run.replaceAll("{awsEndpoint}", awsEndpoint),
  }));
}

/** Runs a command in the program's directory, by the shell. `signal` ends it, with all that it has started. */
export async function runProgramCommand(
  command: string,
  directory: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  const child = spawn(command, {
    cwd: directory,
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that npm and what it starts end together.
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => (output = (output + chunk).slice(-MAX_OUTPUT)));
  }
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  signal.addEventListener("abort", end);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    return { exitCode, output };
  } finally {
    signal.removeEventListener("abort", end);
  }
}
