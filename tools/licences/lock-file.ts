import { boolean, create, optional, record, string, type } from "superstruct";

const LockFile = type({
  packages: record(
    string(),
    type({
      name: optional(string()),
      version: string(),
      license: optional(string()),
      integrity: optional(string()),
      resolved: optional(string()),
      hasInstallScript: optional(boolean()),
      dev: optional(boolean()),
    }),
  ),
});

export type LockedPackage = ReturnType<typeof readLockFile>[number];

/** The packages of a package-lock.json. `path`: where npm installs it, from node_modules on. */
export function readLockFile(text: string) {
  const { packages } = create(JSON.parse(text), LockFile);
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { name, ...locked }]) => ({
      ...locked,
      path,
      // The lock file gives the name only where it is installed under another one.
      name: name ?? path.replace(/^.*node_modules\//, ""),
    }));
}
