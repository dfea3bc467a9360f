import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { build } from "esbuild";
import { once } from "../once";

export interface Asset {
  type: string;
  body: string | Buffer;
}

const PAGE = path.join(__dirname, "page");

/** What the console's page consists of, by path below the console; made when it is first asked for. */
export const ASSETS: Readonly<Record<string, () => Promise<Asset>>> = {
  "/": () => fileIn(PAGE, "index.html", "text/html"),
  "/icon.svg": () => fileIn(PAGE, "icon.svg", "image/svg+xml"),
  "/page.css": () => fileIn(PAGE, "page.css", "text/css"),
  "/page.js": once(bundle),
  "/reference/": () => fileIn(PAGE, "reference.html", "text/html"),
  "/reference/reference.js": () => fileIn(PAGE, "reference.js", "text/javascript"),
  "/reference/swagger-ui.css": () => fileIn(swaggerUi(), "swagger-ui.css", "text/css"),
  "/reference/swagger-ui-bundle.js": () =>
    fileIn(swaggerUi(), "swagger-ui-bundle.js", "text/javascript"),
};

async function fileIn(directory: string, name: string, type: string): Promise<Asset> {
  return { type: `${type}; charset=utf-8`, body: await readFile(path.join(directory, name)) };
}

function swaggerUi(): string {
  return path.dirname(require.resolve("swagger-ui-dist/package.json"));
}

async function bundle(): Promise<Asset> {
  const { outputFiles } = await build({
    absWorkingDir: PAGE,
    entryPoints: ["main.tsx"],
    bundle: true,
    minify: true,
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return { type: "text/javascript; charset=utf-8", body: outputFiles[0]?.text ?? "" };
}
