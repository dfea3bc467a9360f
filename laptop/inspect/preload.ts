// Loaded before the program by the process that evaluates it, when a function is to be inspected: keeps the source
// maps of archives. The archives are the same as without it.
import { createRequire, Module } from "node:module";
import * as path from "node:path";
import type * as Pulumi from "@pulumi/pulumi";
import { MAPS_VARIABLE } from "../inspection";
import { wrapBuild } from "../wrap-build";
import { type CompiledModule, parseCompiled } from "./compiled-modules";
import { mappedBuild } from "./mapped-build";
import { mapOfSerialised, type SourceMap } from "./serialised-map";
import { keepSourceMap } from "./source-maps";

const modules: CompiledModule[] = [];
const mapOf = (text: string) => mapOfSerialised(text, modules);
const keep = (text: string, map: SourceMap) =>
  keepSourceMap(process.env[MAPS_VARIABLE] ?? "", text, map);

readCompiledModules();
const requireOfProgram = createRequire(path.join(process.cwd(), "index.ts"));
mapSerialisedFunctions();
wrapBuild(process.cwd(), (build) => mappedBuild(build, { mapOf, keep }));

function readCompiledModules(): void {
  const compiling = Module.prototype as unknown as {
    _compile: (content: string, file: string, ...rest: unknown[]) => unknown;
  };
  const { _compile } = compiling;
  compiling._compile = function (content, file, ...rest) {
    const isPackage = file.includes(`${path.sep}node_modules${path.sep}`);
    const compiled = isPackage ? undefined : parseCompiled(content);
    if (compiled) modules.push(compiled);
    return _compile.call(this, content, file, ...rest);
  };
}

function mapSerialisedFunctions(): void {
  const { runtime } = requireOfProgram("@pulumi/pulumi") as typeof Pulumi;
  const original = runtime.serializeFunction;
  const serializeFunction: typeof original = async (...args) => {
    const serialised = await original(...args);
    keep(serialised.text, mapOf(serialised.text));
    return serialised;
  };
  Object.assign(runtime, { serializeFunction });
}
