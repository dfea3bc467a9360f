// For Node's --require: runs TypeScript as ts-node compiles it, and keeps what it has compiled for the next start.
const { Buffer } = require("node:buffer");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const PROJECT = path.join(module.path, "..");
const CACHE = path.join(PROJECT, "node_modules", ".cache", "order-processing", "typescript");
/** About 50 MB. */
const MAX_ENTRIES = 2000;
const SOURCE_MAP = "//# sourceMappingURL=data:application/json;charset=utf-8;base64,";

const project = process.env.TS_NODE_PROJECT ?? path.join(PROJECT, "tsconfig.json");
const config = fs.existsSync(project) ? fs.readFileSync(project, "utf8") : undefined;
if (config === undefined || config.includes('"extends"')) {
  // What decides on the output is not in this file alone.
  require("ts-node").register({ transpileOnly: true, project });
} else {
  register();
}

function register() {
  const outputs = new Map();
  const versions = ["typescript", "ts-node"].map((name) => versionOf(name));
  const settings = Object.entries(process.env).filter(([name]) =>
    /^TS_NODE_(?!PROJECT$)/.test(name),
  );
  const common = JSON.stringify([versions, config, settings.sort()]);
  let service;

  function compile(file) {
    const source = fs.readFileSync(file, "utf8");
    const entry = path.join(
      CACHE,
      createHash("sha256").update(common).update(source).digest("hex"),
    );
    const kept = read(entry, file);
    if (kept !== undefined) return kept;
    service ??= startCompiler();
    const output = service.compile(source, file);
    write(entry, file, output);
    return output;
  }

  function startCompiler() {
    makeRoom();
    return require("ts-node").create({ transpileOnly: true, project });
  }

  const ofTsNode = Module.createRequire(require.resolve("ts-node"));
  ofTsNode("@cspotcode/source-map-support").install({
    environment: "node",
    retrieveFile: (file) => outputs.get(file) ?? "",
  });
  const loadJavaScript = Module._extensions[".js"];
  Module._extensions[".ts"] = (target, file) => {
    if (file.split(path.sep).includes("node_modules")) {
      loadJavaScript(target, file);
      return;
    }
    const output = compile(file);
    outputs.set(file, output);
    target._compile(output, file);
  };
}

/** Of the package that compiles the project, which ts-node looks for from there. */
function versionOf(name) {
  const manifest = require.resolve(`${name}/package.json`, {
    paths: name === "typescript" ? [path.dirname(project), module.path] : [module.path],
  });
  return require(manifest).version;
}

/** The file of that time stands in an entry's first line: another of the same text needs another source map. */
function read(entry, file) {
  let text;
  try {
    text = fs.readFileSync(entry, "utf8");
  } catch {
    return undefined;
  }
  const end = text.indexOf("\n");
  const output = text.slice(end + 1);
  const at = output.lastIndexOf(SOURCE_MAP);
  if (at === -1) return undefined;
  if (text.slice(0, end) === file) return output;
  const start = at + SOURCE_MAP.length;
  const map = { ...JSON.parse(Buffer.from(output.slice(start), "base64")), file, sources: [file] };
  return output.slice(0, start) + Buffer.from(JSON.stringify(map)).toString("base64");
}

/** Whole or not at all, also where several write it. Without a cache all runs as well. */
function write(entry, file, output) {
  const temporary = `${entry}.${process.pid}`;
  try {
    fs.mkdirSync(CACHE, { recursive: true });
    fs.writeFileSync(temporary, `${file}\n${output}`);
    fs.renameSync(temporary, entry);
  } catch {
    fs.rm(temporary, { force: true }, () => undefined);
  }
}

function makeRoom() {
  try {
    if (fs.readdirSync(CACHE).length > MAX_ENTRIES) fs.rmSync(CACHE, { recursive: true });
  } catch {
    // There is none yet, or it is not ours to change.
  }
}
