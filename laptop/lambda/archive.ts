import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/** Writes an archive's files, and beside them the runtime that loads its handler. Gives the runtime's path. */
export function unpack(directory: string, files: Record<string, string>): string {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
  const source = readFileSync(path.join(__dirname, "runtime.ts"), "utf8");
  const entry = path.join(directory, ".lambda-runtime.cjs");
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  writeFileSync(entry, ts.transpileModule(source, { compilerOptions }).outputText);
  return entry;
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
