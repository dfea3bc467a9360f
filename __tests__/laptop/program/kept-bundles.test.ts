import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { build, type BuildOptions } from "esbuild";
import { openCache } from "../../../laptop/program/cache";
import { keepingBuild } from "../../../laptop/program/kept-bundles";

const directory = mkdtempSync(path.join(tmpdir(), "kept-bundles-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** As in one start of the program: all starts have the same cache. */
function setUp(versions = "1") {
  let builds = 0;
  const counted = (options: BuildOptions) => {
    builds += 1;
    return build(options);
  };
  const keeping = keepingBuild(counted, openCache(directory, "bundles"), versions);
  const bundle = async (contents: string, others: BuildOptions = {}) => {
    const stdin = { contents, resolveDir: directory, sourcefile: "__index.js" };
    const result = await keeping({
      stdin,
      bundle: true,
      write: false,
      platform: "node",
      ...others,
    });
    return result.outputFiles?.[0]?.text ?? "";
  };
  return { bundle, builds: () => builds };
}

describe("a bundle that is made again", () => {
  it("is the one that was made before, of the same text and options only", async () => {
    const { bundle, builds } = setUp();
    const first = await bundle("exports.a = 1;");
    expect(await bundle("exports.a = 1;")).toBe(first);
    expect(builds()).toBe(1);
    expect(await bundle("exports.a = 2;")).toContain("exports.a = 2");
    await bundle("exports.a = 1;", { minify: true });
    expect(builds()).toBe(3);
  });

  it("is the one of the last start, with the same versions only", async () => {
    const first = await setUp().bundle("exports.b = 1;");
    const again = setUp();
    expect(await again.bundle("exports.b = 1;")).toBe(first);
    expect(again.builds()).toBe(0);
    const other = setUp("2");
    expect(await other.bundle("exports.b = 1;")).toBe(first);
    expect(other.builds()).toBe(1);
  });

  it("is what esbuild makes without it, also when it was kept", async () => {
    const { bundle } = setUp();
    const stdin = { contents: "exports.a = 1;", resolveDir: directory, sourcefile: "__index.js" };
    const options: BuildOptions = { stdin, bundle: true, write: false, platform: "node" };
    const { outputFiles } = await build(options);
    expect(await bundle(stdin.contents)).toBe(outputFiles?.[0]?.text);
    expect(await bundle(stdin.contents)).toBe(outputFiles?.[0]?.text);
  });

  it("is made anew after a change of a file in it", async () => {
    const { bundle } = setUp();
    const file = path.join(directory, "own.js");
    writeFileSync(file, "module.exports = 'one';");
    expect(await bundle("require('./own.js');")).toContain("one");
    writeFileSync(file, "module.exports = 'two';");
    expect(await bundle("require('./own.js');")).toContain("two");
  });
});
