import { readFileSync } from "node:fs";
import * as path from "node:path";
import { boolean, create, record, string, type } from "superstruct";
import { readLockFile } from "../operations/lock-file";

const read = (...names: string[]) => readFileSync(path.join(__dirname, "..", ...names), "utf8");

const manifest = create(
  JSON.parse(read("package.json")),
  type({ devDependencies: record(string(), string()), allowScripts: record(string(), boolean()) }),
);
const locked = readLockFile(read("package-lock.json"));

describe("package.json", () => {
  it("gives every tool an exact version", () => {
    const ranges = Object.values(manifest.devDependencies).filter(
      (version) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  it("names the packages that have install scripts, and no others", () => {
    const scripted = locked.filter(({ hasInstallScript }) => hasInstallScript === true);
    const names = new Set(scripted.map(({ name }) => name));
    expect(Object.keys(manifest.allowScripts).sort()).toEqual([...names].sort());
  });

  it("allows none of them, as .npmrc does for an npm that does not read it", () => {
    expect(Object.values(manifest.allowScripts)).not.toContain(true);
    expect(read(".npmrc").split("\n")).toContain("ignore-scripts=true");
  });
});

describe("package-lock.json", () => {
  it("locks every package to a hash of its content", () => {
    const hash = /^sha512-[A-Za-z\d+/]{86}==$/;
    const loose = locked.filter(({ integrity }) => !hash.test(integrity ?? ""));
    expect(loose).toEqual([]);
  });

  it("takes no package from elsewhere than npm's public registry", () => {
    // npm leaves out the addresses of those that come from a registry: see .npmrc.
    const addresses = locked.flatMap(({ resolved }) => resolved ?? []);
    expect(addresses.filter((url) => !url.startsWith("https://registry.npmjs.org/"))).toEqual([]);
  });
});
