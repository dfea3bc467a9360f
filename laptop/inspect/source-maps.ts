import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** A map is found by the text that it is of: the archive itself stays without. */
export function keepSourceMap(directory: string, text: string, map: object): void {
  writeFileSync(fileOf(directory, text), JSON.stringify(map));
}

/** The text, and at its end its source map where one is kept, as a debugger finds it. */
export function withSourceMap(directory: string, text: string): string {
  const file = fileOf(directory, text);
  return existsSync(file) ? text + inlineMap(readFileSync(file)) : text;
}

export function inlineMap(json: string | Buffer): string {
  const base64 = Buffer.from(json).toString("base64");
  return `\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}\n`;
}

function fileOf(directory: string, text: string): string {
  return path.join(directory, `${createHash("sha256").update(text).digest("hex")}.map`);
}
