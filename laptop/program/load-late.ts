import * as Module from "node:module";

type Load = (
  request: string,
  parent: { filename?: string } | undefined,
  isMain: boolean,
) => unknown;

/**
 * What Pulumi loads at its start, and programs hardly ever use: npm's own tree of packages for archives, and the
 * Automation API. A third of the time in which Pulumi is loaded.
 */
const LATE: Record<string, string> = {
  "@npmcli/arborist": "codePaths.js",
  "./automation": "index.js",
};

const hooks = Module as unknown as { _load: Load };
const load = hooks._load;
hooks._load = (request, parent, isMain) => {
  const from = parent?.filename?.replaceAll("\\", "/") ?? "";
  const file = LATE[request];
  if (
    file === undefined ||
    !/\/@pulumi\/pulumi\/(?:runtime\/closure\/)?[^/]+$/.test(from) ||
    !from.endsWith(`/${file}`)
  ) {
    return load(request, parent, isMain);
  }
  return loadedLate(() => load(request, parent, isMain) as Record<string, unknown>);
};

/** A module whose first use loads it, for code that TypeScript has compiled. */
function loadedLate(make: () => Record<string, unknown>): object {
  let loaded: Record<string, unknown> | undefined;
  return new Proxy(
    { __esModule: true },
    { get: (_target, name) => (name === "__esModule" ? true : (loaded ??= make())[String(name)]) },
  );
}
