import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const PROJECT = path.join(__dirname, "..", "..");
const OURS = "command-line/register-typescript.cjs";
const TS_NODE = "ts-node/register/transpile-only";
/** Loads a module and prints what Node has compiled for each file of TypeScript. */
const PRINT_COMPILED = `
  const { _compile } = module.constructor.prototype;
  const compiled = {};
  module.constructor.prototype._compile = function (text, file) {
    if (file.endsWith(".ts")) compiled[file] = text;
    return _compile.call(this, text, file);
  };
  require(process.cwd() + "/" + process.argv[1]);
  console.log(JSON.stringify(compiled));`;
const FAILING = `type Text = string;

interface Thing { text: Text }
export function fail(thing: Thing): never {
  throw new Error(thing.text);
}
`;

const directories: string[] = [];

/** A project with the register file, a compiler and a cache of its own. */
function makeProject(files: Record<string, string>): string {
  const directory = mkdtempSync(path.join(tmpdir(), "register-"));
  directories.push(directory);
  mkdirSync(path.join(directory, "command-line"));
  mkdirSync(path.join(directory, "node_modules"));
  for (const name of [OURS, "tsconfig.json"]) {
    cpSync(path.join(PROJECT, name), path.join(directory, name));
  }
  for (const name of ["ts-node", "typescript"]) {
    symlinkSync(
      path.join(PROJECT, "node_modules", name),
      path.join(directory, "node_modules", name),
    );
  }
  write(directory, files);
  return directory;
}

function write(directory: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
}

function run(directory: string, script: string, register = `./${OURS}`, ...args: string[]) {
  const { TS_NODE_PROJECT: _, ...env } = process.env;
  return spawnSync(process.execPath, ["--require", register, "--eval", script, ...args], {
    cwd: directory,
    encoding: "utf8",
    env,
  });
}

function compiledIn(directory: string, file: string, register?: string): unknown {
  const { stdout, stderr } = run(directory, PRINT_COMPILED, register, file);
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}

function entriesOf(directory: string): string[] {
  return readdirSync(path.join(directory, "node_modules/.cache/order-processing/typescript"));
}

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

describe("TypeScript with a cache", () => {
  it("is compiled as ts-node compiles it, to the byte, with and without the cache", () => {
    const file = "handlers/process-order.ts";
    const expected = compiledIn(PROJECT, file, TS_NODE) as object;
    expect(Object.keys(expected).length).toBeGreaterThan(10);
    expect(compiledIn(PROJECT, file)).toEqual(expected);
    expect(compiledIn(PROJECT, file)).toEqual(expected);
  });

  it("is compiled once for each text, wherever that stands", () => {
    const directory = makeProject({ "a.ts": FAILING, "b.ts": FAILING });
    for (const file of ["a.ts", "a.ts", "b.ts"]) {
      expect(compiledIn(directory, file)).toEqual(compiledIn(directory, file, TS_NODE));
    }
    expect(entriesOf(directory)).toHaveLength(1);
    write(directory, { "b.ts": FAILING.replace("thing.text", "'another'") });
    expect(compiledIn(directory, "b.ts")).toEqual(compiledIn(directory, "b.ts", TS_NODE));
    expect(entriesOf(directory)).toHaveLength(2);
  });

  it("is compiled anew with other options", () => {
    const directory = makeProject({ "a.ts": "export const f = (a?: number) => a ?? 1;\n" });
    const options = { target: "ES2022", module: "commonjs" };
    for (const compilerOptions of [options, { ...options, target: "ES2015" }]) {
      write(directory, { "tsconfig.json": JSON.stringify({ compilerOptions }) });
      expect(compiledIn(directory, "a.ts")).toEqual(compiledIn(directory, "a.ts", TS_NODE));
    }
    expect(entriesOf(directory)).toHaveLength(2);
  });

  it("is not cached where the options stand in several files", () => {
    const directory = makeProject({
      "a.ts": FAILING,
      "base.json": JSON.stringify({ compilerOptions: { target: "ES2015", module: "commonjs" } }),
      "tsconfig.json": JSON.stringify({ extends: "./base.json" }),
    });
    expect(compiledIn(directory, "a.ts")).toEqual(compiledIn(directory, "a.ts", TS_NODE));
    expect(readdirSync(path.join(directory, "node_modules"))).toEqual(["ts-node", "typescript"]);
  });

  it("has its own lines in stack traces", () => {
    const directory = makeProject({ "a.ts": FAILING, "b.ts": FAILING });
    for (const file of ["a.ts", "a.ts", "b.ts"]) {
      const { stderr } = run(directory, `require("./${file}").fail({ text: "no" })`);
      expect(stderr).toContain(`${path.join(directory, file)}:5:9`);
      expect(stderr).toContain("throw new Error(thing.text);");
    }
  });

  it("is refused with ts-node's own words where it is none, and again", () => {
    const directory = makeProject({ "a.ts": "export const a = ;\n" });
    const expected = run(directory, "require('./a.ts')", TS_NODE).stderr;
    expect(expected).toContain("Expression expected");
    const reasons = [1, 2].map(() => run(directory, "require('./a.ts')").stderr);
    for (const reason of reasons)
      expect(reason).toContain("a.ts(1,18): error TS1109: Expression expected");
  });

  it("runs where the cache cannot be written, or has been damaged", () => {
    const directory = makeProject({ "a.ts": FAILING, "node_modules/.cache": "" });
    expect(compiledIn(directory, "a.ts")).toEqual(compiledIn(directory, "a.ts", TS_NODE));
    rmSync(path.join(directory, "node_modules/.cache"));
    compiledIn(directory, "a.ts");
    const [entry = ""] = entriesOf(directory);
    write(path.join(directory, "node_modules/.cache/order-processing/typescript"), { [entry]: "" });
    expect(compiledIn(directory, "a.ts")).toEqual(compiledIn(directory, "a.ts", TS_NODE));
  });

  it("makes room when the cache has grown", () => {
    const directory = makeProject({ "a.ts": FAILING });
    compiledIn(directory, "a.ts");
    const others = Array.from({ length: 2001 }, (_, i) => [`entry-${i}`, ""] as const);
    write(
      path.join(directory, "node_modules/.cache/order-processing/typescript"),
      Object.fromEntries(others),
    );
    write(directory, { "a.ts": `${FAILING}\n` });
    compiledIn(directory, "a.ts");
    expect(entriesOf(directory)).toHaveLength(1);
  });
});
