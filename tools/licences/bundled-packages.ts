import * as path from "node:path";
import { build, type Metafile } from "esbuild";

const HANDLERS = [
  "authorize-caller",
  "cancel-order",
  "create-order",
  "get-order",
  "list-orders",
  "process-order",
  "reconcile-orders",
  "aws/deps",
  "aws/telemetry",
];

/** The packages whose code is in the functions' archives, by where npm installs them. */
export async function bundledPackages(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: path.join(__dirname, "..", ".."),
    entryPoints: HANDLERS.map((name) => `handlers/${name}.ts`),
    outdir: "nowhere",
    write: false,
    bundle: true,
    metafile: true,
    platform: "node",
    tsconfigRaw: "{}",
    logLevel: "silent",
  });
  return packagesIn(metafile);
}

/** The packages that bytes of the outputs come from. */
export function packagesIn({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const packages = inputs.flatMap(([file, { bytesInOutput }]) => {
    const [installed] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    return installed !== undefined && bytesInOutput > 0 ? [installed] : [];
  });
  return [...new Set(packages)].sort();
}
