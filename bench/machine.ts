import { availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

/** Where figures come from. */
export interface Machine {
  cpu: string;
  cores: number;
  /** Gigabytes (2^30 bytes). */
  memory: number;
  system: string;
  node: string;
  /** Processes that wanted a core in the minute before: others than the bench's make its figures worthless. */
  loadBefore: number;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** A part of a file's name. */
export function slugOf(cpu: string): string {
  return cpu
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
