import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { eventually } from "../../harness/eventually";
import { copyProject } from "../../harness/project-copy";

export const PROJECT = path.join(__dirname, "..", "..");
const started: Started[] = [];

/** Of `exec node …` in package.json. */
function startArguments(): string[] {
  const text = readFileSync(path.join(PROJECT, "package.json"), "utf8");
  const { scripts } = JSON.parse(text) as { scripts: { start: string } };
  return scripts.start.split(" ").slice(2);
}

export interface Started {
  child: ChildProcess;
  /** Where it keeps its temporary files, and nobody else does. */
  temporary: string;
  stdout: () => string;
  stderr: () => string;
  exitCode: Promise<number | null>;
}

/** What `npm start` runs in a directory, as a process group of its own. */
export function startIn(cwd: string, ...args: string[]): Started {
  const temporary = mkdtempSync(path.join(tmpdir(), "npm-start-"));
  const child = spawn(process.execPath, [...startArguments(), ...args], {
    cwd,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = once(child, "close").then(([code]) => code as number | null);
  const process_ = { child, temporary, stdout: () => stdout, stderr: () => stderr, exitCode };
  started.push(process_);
  return process_;
}

/** For afterAll. */
export function killAll(): void {
  for (const { child, temporary } of started) {
    child.kill("SIGKILL");
    rmSync(temporary, { recursive: true, force: true });
  }
}

export function apiUrlOf({ stdout }: Started): Promise<string> {
  const line = /^apiUrl: (http:\/\/127\.0\.0\.1:\d+\/dev\/)$/m;
  return eventually("the apiUrl", () => line.exec(stdout())?.[1]);
}

/** Ctrl-C in a terminal reaches every process of the group. */
export function pressCtrlC({ child }: Started): void {
  process.kill(-(child.pid ?? NaN), "SIGINT");
}

/** A copy of the project that `npm start` runs in, with a config of its own. */
export function copyWithLaptop(config: string): ReturnType<typeof copyProject> {
  const copy = copyProject({ "Pulumi.dev.yaml": config });
  for (const name of ["laptop", "command-line"]) {
    cpSync(path.join(PROJECT, name), path.join(copy.directory, name), { recursive: true });
  }
  return copy;
}
