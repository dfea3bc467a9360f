import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** What runs in a sandbox, and loads the handler from its archive. */
export const RUNTIME = path.join(__dirname, "runtime.cjs");

/** Writes an archive's files. */
export function unpack(directory: string, files: Record<string, string>): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
}

/** Where functions below `parent` find the packages that Lambda's runtime brings. */
export function runtimeModules(parent: string): string {
  return path.join(parent, ".runtime", "node_modules");
}

/** Lambda's Node runtime brings the AWS SDK: here the one that is installed with the laptop. */
export function linkSdk(modules: string): void {
  const link = path.join(modules, "@aws-sdk");
  mkdirSync(modules, { recursive: true });
  const manifest = require.resolve("@aws-sdk/client-dynamodb/package.json");
  if (!existsSync(link)) symlinkSync(path.join(path.dirname(manifest), ".."), link);
}
