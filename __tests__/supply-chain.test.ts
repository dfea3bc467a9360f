import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { boolean, create, record, string, type } from "superstruct";
import { isScalar, parse, parseDocument, visit } from "yaml";
import { bundledPackages } from "../tools/licences/bundled-packages";
import {
  isAllowed,
  isProduction,
  licenceOf,
  licencesPage,
  READ_IN_LICENSE_FILE,
} from "../tools/licences/licences";
import { readLockFile } from "../tools/licences/lock-file";
import { evaluateProgram } from "./support/aws-mocks";

const read = (...names: string[]) => readFileSync(path.join(__dirname, "..", ...names), "utf8");

const manifest = create(
  JSON.parse(read("package.json")),
  type({ devDependencies: record(string(), string()), allowScripts: record(string(), boolean()) }),
);
const locked = readLockFile(read("package-lock.json"));
const production = locked.filter(isProduction);

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

describe("the licences", () => {
  it("of all production dependencies are allowed", () => {
    expect(production.length).toBeGreaterThan(100);
    const refused = production.filter((each) => !isAllowed(licenceOf(each)));
    expect(refused.map((each) => `${each.path}: ${licenceOf(each)}`)).toEqual([]);
  });

  it("of a package that names none are not allowed", () => {
    expect(isAllowed(licenceOf({ name: "a", version: "1.0.0", path: "node_modules/a" }))).toBe(
      false,
    );
  });

  it.each(Object.entries(READ_IN_LICENSE_FILE))("of %s are what its file says: %s", (id, name) => {
    const found = production.find((each) => `${each.name}@${each.version}` === id);
    expect(isAllowed(found?.license ?? "none")).toBe(false);
    expect(read(found?.path ?? id, "LICENSE")).toMatch(new RegExp(`^The ${name} License`));
  });

  let bundled: string[];
  beforeAll(async () => {
    bundled = await bundledPackages();
  });

  it("are listed in docs/licences.md as `npm run licences` writes it", () => {
    expect(read("docs", "licences.md")).toBe(licencesPage(locked, bundled));
  });

  it("are listed by what is in the functions' archives and what is not", async () => {
    const auth = { issuer: "https://issuer.example.com/", audience: "orders" };
    const { packages } = await evaluateProgram({ config: { "order-processing:auth": auth } });
    expect(packages).toEqual(bundled);
    expect(production.map((each) => each.path)).toEqual(expect.arrayContaining(bundled));
  });
});

describe("an SPDX expression", () => {
  it.each([
    "MIT",
    "(MIT OR GPL-3.0-only)",
    "(BSD-3-Clause AND Apache-2.0)",
    "GPL-3.0-only OR (ISC AND (AGPL-3.0-only OR MIT))",
  ])("leaves an allowed licence: %j", (expression) => {
    expect(isAllowed(expression)).toBe(true);
  });

  it.each([
    "MIT AND GPL-3.0-only",
    "MIT AND GPL-3.0-only OR AGPL-3.0-only",
    "(MIT OR ISC) AND GPL-3.0-only",
    "SEE LICENSE IN LICENSE",
    "UNLICENSED",
    "(MIT",
    "",
  ])("leaves none: %j", (expression) => {
    expect(isAllowed(expression)).toBe(false);
  });
});

describe("the workflows", () => {
  const folder = path.join(".github", "workflows");
  const workflows = readdirSync(path.join(__dirname, "..", folder)).map(
    (name) => [name, read(folder, name)] as const,
  );

  it.each(workflows)("%s pins every action by hash and says its version", (_name, text) => {
    const actions: string[] = [];
    visit(parseDocument(text), {
      Pair(_key, { key, value }) {
        if (isScalar(key) && key.value === "uses" && isScalar(value))
          actions.push(`${String(value.value)} #${value.comment ?? ""}`);
      },
    });
    expect(actions.length).toBeGreaterThan(0);
    const pinned = /^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(actions.filter((action) => !pinned.test(action))).toEqual([]);
  });

  it.each(workflows)("%s may do nothing but read", (_name, text) => {
    expect(parse(text)).toMatchObject({ permissions: { contents: "read" } });
    expect(text.match(/permissions:/g)).toHaveLength(1);
  });
});
