import type { Spread } from "../spread";
import { table } from "../table";
import type { FunctionsResult, Init, NodeFigures } from "./result";

/** Tables in Markdown. */
export function functionsReport({ archives, nodes, samples }: FunctionsResult): string {
  const { inits, warmUp, rounds, invocations } = samples;
  return [
    "Archives as they are deployed, and their init: requiring the handler, with its clients, in a new process.",
    `Wall and CPU milliseconds, median (least–greatest) of ${inits}.`,
    "",
    table(
      ["function", "zipped KB", "unzipped KB", ...nodes.map(({ name }) => `init, Node ${name}`)],
      archives.map(({ name, zippedBytes, unzippedBytes }) => [
        name,
        kilobytes(zippedBytes),
        kilobytes(unzippedBytes),
        ...nodes.map((node) => initCell(node, name)),
      ]),
    ),
    "",
    "CPU of a warm invocation against its floor: the same calls by the same SDK, with nothing around them.",
    `CPU milliseconds, median (least–greatest) of ${rounds} rounds of ${invocations} in turn, after ${warmUp} to warm up.`,
    "",
    table(["function", "calls", "Node", "CPU ms", "floor ms", "ratio"], nodes.flatMap(warmRows)),
  ].join("\n");
}

function initCell({ version, functions }: NodeFigures, name: string): string {
  if (version === undefined) return "absent";
  const init = functions.find((each) => each.name === name)?.init;
  return init ? initText(init) : "";
}

function initText({ wallMilliseconds: wall, cpuMilliseconds: cpu }: Init): string {
  return `${spread(wall, 0)}, CPU ${spread(cpu, 0)}`;
}

function warmRows({ name: node, version, functions }: NodeFigures): string[][] {
  if (version === undefined) return [["–", "–", node, "absent", "absent", "absent"]];
  return functions.flatMap(({ name, warm }) => {
    if (!warm) return [];
    const { calls, cpuMilliseconds, floorCpuMilliseconds, ratio } = warm;
    const figures = [spread(cpuMilliseconds, 2), spread(floorCpuMilliseconds, 2), spread(ratio, 2)];
    return [[name, calls.join(", "), node, ...figures]];
  });
}

function spread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(0);
}
