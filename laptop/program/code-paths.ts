import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { array, boolean, is, object, string } from "superstruct";
import { installedPackages, openCache, textOf } from "./cache";

type CodePaths = Promise<Map<string, pulumi.asset.Asset | pulumi.asset.Archive>>;

const keptPaths = array(object({ path: string(), isFile: boolean() }));

/**
 * Pulumi looks for all packages that a program needs, for the archive of each function, and always finds the same:
 * once in a process, and until other packages are installed.
 */
export function keepCodePaths(directory: string): void {
  const { computeCodePaths } = pulumi.runtime;
  const cache = openCache(directory, "code-paths");
  const versions = [installedPackages(directory), textOf(path.join(directory, "package.json"))];
  const found = new Map<string, CodePaths>();
  const once = (options: pulumi.runtime.CodePathOptions = {}) => {
    const { logResource: _, ...others } = options;
    const key = JSON.stringify([directory, others, versions]);
    const paths = found.get(key) ?? kept(cache.read(key)) ?? computeCodePaths(options);
    if (!found.has(key) && versions[0] !== "") {
      paths.then((result) => cache.write(key, toKeep(result))).catch(() => undefined);
    }
    found.set(key, paths);
    return paths;
  };
  Object.assign(pulumi.runtime, { computeCodePaths: once });
}

function kept(value: unknown): CodePaths | undefined {
  if (!is(value, keptPaths)) return undefined;
  const { FileArchive, FileAsset } = pulumi.asset;
  return Promise.resolve(
    new Map(
      value.map(({ path: of, isFile }) => [of, isFile ? new FileAsset(of) : new FileArchive(of)]),
    ),
  );
}

function toKeep(paths: Awaited<CodePaths>) {
  return [...paths].map(([of, asset]) => ({
    path: of,
    isFile: asset instanceof pulumi.asset.FileAsset,
  }));
}
