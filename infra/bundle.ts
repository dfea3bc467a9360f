import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { build } from "esbuild";
import { madeOnce } from "./made-once";

// The name that @pulumi/aws gives the serialised closure inside the archive.
const ENTRY = "__index.js";
const PROJECT_DIRECTORY = path.join(__dirname, "..");

/**
 * A transformation for an aws.lambda.CallbackFunction: replaces its archive (the closure and *all* of
 * the project's dependencies, file by file) by one minified file with only what the closure uses.
 */
export const bundled: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type === "aws:lambda/function:Function"
    ? { props: { ...props, code: pulumi.output(props["code"]).apply(bundleArchive) }, opts }
    : undefined;

async function bundleArchive(archive: pulumi.asset.AssetArchive): Promise<pulumi.asset.Archive> {
  const assets = await archive.assets;
  const closure = assets[ENTRY] as pulumi.asset.StringAsset | undefined;
  if (!closure)
    throw new Error(`the function's archive has no ${ENTRY}: did @pulumi/aws rename it?`);
  const text = await bundle(madeOnce(await closure.text));
  return new pulumi.asset.AssetArchive({ [ENTRY]: new pulumi.asset.StringAsset(text) });
}

/** Bundles the source text of a serialised closure. The same text gives the same bytes everywhere. */
export async function bundle(source: string, resolveDir = PROJECT_DIRECTORY): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir, sourcefile: ENTRY },
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node20",
    legalComments: "none",
    logLevel: "silent",
    // "strict" in the project's own tsconfig would forbid the `with` that serialised closures use.
    tsconfigRaw: "{}",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error("esbuild wrote no file");
  return file.text;
}
