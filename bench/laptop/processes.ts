import { readdirSync, readFileSync } from "node:fs";

/** What a process and those that it has started have used, by their roles. */
export type Usage = Record<string, RoleUsage>;

export interface RoleUsage {
  processes: number;
  /** Since they were started, of all threads, in user and kernel mode. */
  cpuMilliseconds: number;
  /** Megabytes (2^20 bytes); `pss` counts what processes share once. */
  rss: number;
  pss: number;
}

/** The kernel's unit of CPU time, everywhere that Node runs. */
const TICK_MILLISECONDS = 10;

/** From /proc: of Linux only. Processes that have ended count for nothing. */
export function usageOf(rootPid: number): Usage {
  const usage: Usage = {};
  for (const pid of withDescendants(rootPid)) {
    const read = readProcess(pid);
    if (!read) continue;
    const sum = (usage[pid === rootPid ? "laptop" : read.role] ??= {
      processes: 0,
      cpuMilliseconds: 0,
      rss: 0,
      pss: 0,
    });
    sum.processes += 1;
    sum.cpuMilliseconds += read.cpuMilliseconds;
    sum.rss += read.rss;
    sum.pss += read.pss;
  }
  return usage;
}

export function totalOf(usage: Usage): RoleUsage {
  const roles = Object.values(usage);
  const sum = (key: keyof RoleUsage) => roles.reduce((total, each) => total + each[key], 0);
  return {
    processes: sum("processes"),
    cpuMilliseconds: sum("cpuMilliseconds"),
    rss: sum("rss"),
    pss: sum("pss"),
  };
}

/** The one of a process and its descendants that runs this file. */
export function findProcess(rootPid: number, file: string): number {
  const pid = withDescendants(rootPid).find((each) =>
    commandOf(each).some((argument) => argument.endsWith(file)),
  );
  if (pid === undefined) throw new Error(`no process runs ${file}`);
  return pid;
}

function withDescendants(rootPid: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name): [number, number][] => {
        const parent = statOf(Number(name))?.[1];
        return parent === undefined ? [] : [[Number(name), Number(parent)]];
      }),
  );
  const found = [rootPid];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  }
  return found;
}

function readProcess(pid: number): (Omit<RoleUsage, "processes"> & { role: string }) | undefined {
  const stat = statOf(pid);
  if (!stat) return undefined;
  try {
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const megabytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(memory)?.[1] ?? 0) / 1024;
    return {
      role: roleOf(pid),
      cpuMilliseconds: cpuOf(stat),
      rss: megabytes("Rss"),
      pss: megabytes("Pss"),
    };
  } catch {
    return undefined;
  }
}

/** Of a process that has not ended. */
export function cpuMilliseconds(pid: number): number {
  const stat = statOf(pid);
  if (!stat) throw new Error(`the process ${pid} has ended`);
  return cpuOf(stat);
}

function cpuOf(stat: readonly string[]): number {
  return (Number(stat[11]) + Number(stat[12])) * TICK_MILLISECONDS;
}

function commandOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
}

/** A function's name, as Lambda tells the function itself. */
function roleOf(pid: number): string {
  const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  const name = "AWS_LAMBDA_FUNCTION_NAME=";
  return variables.find((variable) => variable.startsWith(name))?.slice(name.length) ?? "others";
}

/** The fields of /proc/<pid>/stat from the third on: the second is a name, in brackets. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
