import { decode, encode } from "@jridgewell/sourcemap-codec";
import { build, type BuildOptions } from "esbuild";
import { parseCompiled } from "../../../laptop/inspect/compiled-modules";
import { mappedBuild } from "../../../laptop/inspect/mapped-build";
import { mapOfSerialised, type SourceMap } from "../../../laptop/inspect/serialised-map";
import { inlineMap } from "../../../laptop/inspect/source-maps";

/** A module as ts-node compiles it: each line comes from ten lines below, in the source. */
function compiled(source: string, text: string) {
  const mappings = encode(text.split("\n").map((_line, i) => [[0, 0, i + 10, 0]]));
  const map = { version: 3, sources: [source], sourcesContent: ["…"], names: [], mappings };
  const module = parseCompiled(text + inlineMap(JSON.stringify(map)));
  if (!module) throw new Error("no map");
  return module;
}

const step = compiled(
  "/project/step.ts",
  `const rate = 2;\nfunction step(order) {\n  const amount = order.units * rate;\n  return amount;\n}\n`,
);
const other = compiled("/project/other.ts", `const twice = (n) => {\n  return 2 * n;\n};\n`);
const SERIALISED = `exports.handler = __step;

function __twice(__0) {
  return (function() {
    with({ }) {

return (n) => {
  return 2 * n;
};

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
function __step(__0) {
  return (function() {
    with({ rate: 2, twice: __twice }) {

return function /*step*/(order) {
  const amount = order.units * rate;
  return amount;
};

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;

const sourceLines = ({ sources, mappings }: SourceMap) =>
  decode(mappings).map((line) =>
    line.map(([, source = -1, sourceLine]) => `${sources[source] ?? ""}:${sourceLine ?? ""}`),
  );

describe("the source map of a serialised closure", () => {
  it("leads from the lines of its functions to those of the source", () => {
    const lines = sourceLines(mapOfSerialised(SERIALISED, [step, other]));
    const mapped = lines.flatMap((line, i) => line.map((place) => `${i} ${place}`));
    expect(mapped).toEqual([
      "7 /project/other.ts:11",
      "8 /project/other.ts:12",
      "18 /project/step.ts:12",
      "19 /project/step.ts:13",
      "20 /project/step.ts:14",
    ]);
  });

  it("knows no module that has no function in it", () => {
    const absent = compiled("/project/absent.ts", "const no = () => {\n  return 0;\n};\n");
    expect(mapOfSerialised(SERIALISED, [step, absent]).sources).toEqual(["/project/step.ts"]);
  });
});

describe("a bundle that is made with a map kept beside it", () => {
  const options: BuildOptions = {
    stdin: { contents: SERIALISED, resolveDir: __dirname, sourcefile: "__index.js" },
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    tsconfigRaw: "{}",
  };

  it("is the same, byte by byte", async () => {
    const kept: [string, SourceMap][] = [];
    const keep = (text: string, map: SourceMap) => void kept.push([text, map]);
    const mapOf = (text: string) => mapOfSerialised(text, [step, other]);
    const plain = await build({ ...options, write: false });
    const mapped = await mappedBuild(build, { mapOf, keep })(options);
    expect(mapped.outputFiles?.map(({ text }) => text)).toEqual([plain.outputFiles[0]?.text]);
    expect(mapped.outputFiles?.[0]?.contents).toEqual(
      Buffer.from(plain.outputFiles[0]?.contents ?? []),
    );

    const [[text, map] = ["", undefined]] = kept;
    expect(text).toBe(plain.outputFiles[0]?.text);
    expect(map?.sources).toEqual(["file:///project/other.ts", "file:///project/step.ts"]);
    expect(map?.names).toContain("order");
  });

  it("is not made otherwise where the program takes a map itself, or writes files", async () => {
    const inner = jest.fn(build);
    const mapped = mappedBuild(inner, {
      mapOf: () => mapOfSerialised("", []),
      keep: () => undefined,
    });
    await mapped({ ...options, sourcemap: "inline" });
    expect(inner).toHaveBeenLastCalledWith({ ...options, sourcemap: "inline" });
  });
});
