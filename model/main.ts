import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { runCommand } from "../command-line/run-command";
import { makeLife } from "./life/life";
import { loadReport } from "./load";
import { isAsExpected, type Result, resultLine, suiteTable, traces } from "./report";
import { search } from "./search";
import { type Suite, SUITES } from "./suites";
import { timelineReport } from "./timeline";

const HELP = `Explores the life of an order in every interleaving (model/README.md).

  npm run model                    every suite; writes model/results.md, timeline.md and load.md
  npm run model -- <suite> …       these: ${Object.keys(SUITES).join(", ")}
  npm run model -- --trace <suite> …   the same, and shortest ways to what was found
  npm run model -- timeline        one order in time: model/timeline.md
  npm run model -- load            a queue with a backlog: model/load.md`;

const TITLES: Record<Suite, string> = {
  design: "The design",
  "giving-up": "Giving up",
  "without-faults": "Without faults",
  steps: "Steps, waits and their undo",
  cancelling: "Cancelling",
  "not-told-apart": "Not told apart: what could be left out",
  "planted-bugs": "Planted bugs: each must be found",
  limits: "Limits: what no condition on the table prevents",
};

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean" }, trace: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(HELP);
    return true;
  }
  const names = positionals.length > 0 ? positionals : [...suiteNames(), "timeline", "load"];
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(", ")}\n\n${HELP}`);
  const suites = suiteNames().filter((name) => names.includes(name));
  const results = new Map(suites.map((name) => [name, runSuite(name)]));
  if (values.trace === true) console.log(traces([...results.values()].flat()));
  if (positionals.length === 0) await write("results.md", resultsReport(results));
  if (names.includes("timeline")) await write("timeline.md", timelineReport());
  if (names.includes("load")) await write("load.md", loadReport());
  return [...results.values()].flat().every(isAsExpected);
}

function suiteNames(): Suite[] {
  return Object.keys(SUITES) as Suite[];
}

function isKnown(name: string): boolean {
  return name === "timeline" || name === "load" || Object.hasOwn(SUITES, name);
}

function runSuite(name: Suite): Result[] {
  console.log(TITLES[name]);
  return SUITES[name].map((run) => {
    const until = run.finds === undefined ? {} : { until: run.finds };
    const result = { run, outcome: search(makeLife(run.options), until) };
    console.log(`  ${resultLine(result)}`);
    return result;
  });
}

function resultsReport(results: Map<Suite, Result[]>): string {
  const tables = [...results].map(([name, of]) => suiteTable(TITLES[name], of));
  const found = [...results].filter(([name]) => name === "limits" || name === "planted-bugs");
  return [
    "# Results\n\nBy `npm run model`. What a bound is by default is in life/options.ts.\n",
    ...tables,
    "## Shortest ways to what was found\n",
    ...found.map(([, of]) => traces(of)),
  ].join("\n");
}

async function write(name: string, text: string): Promise<void> {
  writeFileSync(path.join(__dirname, name), await format(text, { parser: "markdown" }));
  console.log(`wrote model/${name}`);
}

runCommand(main);
