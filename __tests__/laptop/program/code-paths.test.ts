import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { keepCodePaths } from "../../../laptop/program/code-paths";

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-code-paths-"));
const { computeCodePaths } = pulumi.runtime;
afterAll(() => {
  Object.assign(pulumi.runtime, { computeCodePaths });
  rmSync(directory, { recursive: true });
});

/** As the next start does, with Pulumi's own work replaced by something that counts. */
function start() {
  let computed = 0;
  const compute = () => {
    computed += 1;
    const archive = new pulumi.asset.FileArchive("node_modules/one");
    const file = new pulumi.asset.FileAsset("package.json");
    return Promise.resolve(
      new Map<string, pulumi.asset.Asset | pulumi.asset.Archive>([
        ["node_modules/one", archive],
        ["package.json", file],
      ]),
    );
  };
  Object.assign(pulumi.runtime, { computeCodePaths: compute });
  keepCodePaths(directory);
  return { find: () => pulumi.runtime.computeCodePaths({}), computed: () => computed };
}

type CodePaths = Map<string, pulumi.asset.Asset | pulumi.asset.Archive>;

/** Each with its kind and the path of its file. */
const plain = (paths: CodePaths) =>
  Promise.all(
    [...paths].map(async ([name, asset]) => [
      name,
      asset.constructor.name,
      await (asset as pulumi.asset.FileAsset).path,
    ]),
  );

const installed = (text: string) => {
  mkdirSync(path.join(directory, "node_modules"), { recursive: true });
  writeFileSync(path.join(directory, "node_modules", ".package-lock.json"), text);
};

describe("the packages of an archive", () => {
  it("are looked for once, and not again at the next start", async () => {
    installed("1");
    const first = start();
    const paths = await first.find();
    await first.find();
    expect(first.computed()).toBe(1);
    const next = start();
    expect(await plain(await next.find())).toEqual(await plain(paths));
    expect(next.computed()).toBe(0);
  });

  it("are looked for anew when others are installed", async () => {
    installed("2");
    const { find, computed } = start();
    await find();
    expect(computed()).toBe(1);
  });
});
