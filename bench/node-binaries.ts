import { execFileSync } from "node:child_process";
import type { NodeBinary } from "./functions/measure";

/** What Lambda offers, or did until a while ago. */
const MAJORS = ["20", "24"];

/** The Node that runs the bench where it is one of them, and what npm has of the others. */
export function nodeBinaries(progress: (line: string) => void): NodeBinary[] {
  return MAJORS.map((name) => {
    if (process.versions.node.startsWith(`${name}.`)) return { name, path: process.execPath };
    progress(`functions: looking for Node ${name}`);
    return { name, path: installed(name) };
  });
}

function installed(major: string): string | undefined {
  const command = ["--yes", `--package=node@${major}`, "--", "node", "-p", "process.execPath"];
  try {
    return execFileSync("npx", command, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}
