import * as Module from "node:module";
import * as path from "node:path";

interface Parent {
  filename?: string;
  exports?: object;
}

type Load = (request: string, parent: Parent | undefined, isMain: boolean) => object;

/** What Pulumi loads at once, and programs hardly ever use: npm's tree of packages, and the Automation API. */
const LATE = [
  { request: "@npmcli/arborist", from: "@pulumi/pulumi/runtime/closure/codePaths.js" },
  { request: "./automation", from: "@pulumi/pulumi/index.js" },
  { request: "../../typescript-shim", from: "@pulumi/pulumi/runtime/closure/parseFunction.js" },
];

/** Packages with a module for each of many services, of which a program uses a few. */
const SERVICES = ["@pulumi/aws/index.js", "@pulumi/awsx/index.js", "@pulumi/awsx/classic/index.js"];

const hooks = Module as unknown as { _load: Load };
const load = hooks._load;
/** Modules that are loaded late, by what stands in their place. */
const late = new WeakMap<object, () => object>();
/** What packages export, with such modules. */
const withLate = new WeakSet<object>();

hooks._load = (request, parent, isMain) => {
  const filename = parent?.filename?.replaceAll(path.sep, "/") ?? "";
  const loadNow = () => load(request, parent, isMain);
  if (LATE.some((each) => each.request === request && filename.endsWith(each.from))) {
    return loadedLate(loadNow);
  }
  if (/^\.\/\w+$/.test(request) && SERVICES.some((each) => filename.endsWith(each))) {
    if (parent?.exports) withLate.add(parent.exports);
    return loadedLate(loadNow);
  }
  const exported = loadNow();
  if (withLate.has(exported)) loadByGetters(exported);
  return exported;
};

/** A module whose first use loads it, for code that TypeScript has compiled. */
function loadedLate(loadNow: () => object): object {
  let loaded: object | undefined;
  const module = () => (loaded ??= loadNow());
  const proxy = new Proxy(
    {},
    {
      get: (_target, name) =>
        (name === "__esModule" ? true : Reflect.get(module(), name)) as unknown,
      ownKeys: () => Reflect.ownKeys(module()),
      getOwnPropertyDescriptor(_target, name) {
        const descriptor = Reflect.getOwnPropertyDescriptor(module(), name);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
  late.set(proxy, module);
  return proxy;
}

/** Whoever uses the package gets the modules themselves: Pulumi knows a module that a callback captures. */
function loadByGetters(exported: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(exported))) {
    const get = typeof value === "object" && value !== null ? late.get(value as object) : undefined;
    if (get) Object.defineProperty(exported, name, { get, enumerable: true, configurable: true });
  }
}
