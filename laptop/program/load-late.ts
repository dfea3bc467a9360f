import * as Module from "node:module";
import * as path from "node:path";

type Load = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => object;

/** What Pulumi loads at once, and programs hardly ever use: npm's tree of packages, and the Automation API. */
const LATE = [
  { request: "@npmcli/arborist", from: "@pulumi/pulumi/runtime/closure/codePaths.js" },
  { request: "./automation", from: "@pulumi/pulumi/index.js" },
  { request: "../../typescript-shim", from: "@pulumi/pulumi/runtime/closure/parseFunction.js" },
];

const hooks = Module as unknown as { _load: Load };
const load = hooks._load;
hooks._load = (request, parent, isMain) => {
  const filename = parent?.filename?.replaceAll(path.sep, "/") ?? "";
  const isLate = LATE.some((each) => each.request === request && filename.endsWith(each.from));
  const loadNow = () => load(request, parent, isMain);
  return isLate ? loadedLate(loadNow) : loadNow();
};

/** A module whose first use loads it, for code that TypeScript has compiled. */
function loadedLate(loadNow: () => object): object {
  let loaded: object | undefined;
  const get = (_target: object, name: string) =>
    name === "__esModule" ? true : (Reflect.get((loaded ??= loadNow()), name) as unknown);
  return new Proxy({}, { get });
}
