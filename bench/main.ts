import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "../command-line/run-command";
import { type Arguments, HELP, parseArguments } from "./arguments";
import { checkOut, commitOf, PROJECT } from "./checkout";
import { countCosts } from "./cost/costs";
import { costReport } from "./cost/report";
import { measureFunctions } from "./functions/measure";
import { functionsReport } from "./functions/report";
import { growthReport, measureGrowth } from "./laptop/growth";
import { measureLaptops } from "./laptop/laptops";
import { hintOfPeer, measurePeer, peerReport } from "./laptop/peer";
import { laptopReport } from "./laptop/report";
import { writeStackFile } from "./laptop/stack-file";
import { type Machine, slugOf, thisMachine } from "./machine";
import { nodeBinaries } from "./node-binaries";
import { measureSimulation, simulationReport } from "./simulation";

/** The flow before an order's life was in the table alone: what costs are compared with. */
const FIRST_FLOW = "31ac2ea";

const progress = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<boolean> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    console.log(HELP);
    return true;
  }
  if (process.platform !== "linux") throw new Error("the bench reads /proc, which Linux has");
  const started = new Date();
  const machine = thisMachine();
  if (machine.loadBefore > machine.cores / 2) {
    progress(`load average ${machine.loadBefore.toFixed(1)}: what else runs here is measured, too`);
  }
  const against = args.against === undefined ? undefined : checkOut(args.against, progress);
  const stackFiles = [PROJECT, ...(against ? [against.directory] : [])].map(writeStackFile);
  try {
    const results = await measure(args, against?.directory);
    const commits = { commit: commitOf("HEAD"), against: against?.commit };
    write(started, { at: started.toISOString(), ...commits, machine, ...results });
  } finally {
    for (const remove of stackFiles) remove();
    against?.remove();
  }
  return true;
}

/** Prints a table of each part once it is measured. */
async function measure(
  { parts, against: commit, peer, rounds, orders }: Arguments,
  against: string | undefined,
): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  const part = async <T>(name: string, work: () => Promise<T>, report: (result: T) => string) => {
    const result = await work();
    console.log(`\n${report(result)}`);
    results[name] = result;
  };
  const sides = [
    { name: "this", directory: PROJECT },
    ...(against !== undefined && commit !== undefined
      ? [{ name: commit, directory: against }]
      : []),
  ];
  if (parts.includes("laptop")) {
    await part("laptop", () => measureLaptops(sides, rounds, progress), laptopReport);
    if (peer === undefined) console.log(`\n${hintOfPeer()}`);
    else await part("peer", () => measurePeer(PROJECT, peer, rounds), peerReport);
  }
  if (parts.includes("functions")) {
    const nodes = nodeBinaries(progress);
    const work = () => measureFunctions({ directory: PROJECT, nodes, progress });
    await part("functions", work, functionsReport);
  }
  if (parts.includes("simulation")) {
    await part("simulation", () => measureSimulation(progress), simulationReport);
  }
  if (parts.includes("cost")) await part("cost", () => costs(), costReport);
  if (parts.includes("growth")) {
    await part("growth", () => measureGrowth(PROJECT, orders, progress), growthReport);
  }
  return results;
}

/** Beside those of the first flow, where git has it. */
async function costs() {
  const baseline = checkOut(FIRST_FLOW, progress);
  try {
    const { directory } = baseline;
    return await countCosts({ baseline: { name: FIRST_FLOW, directory }, progress });
  } finally {
    baseline.remove();
  }
}

function write(at: Date, content: { machine: Machine; [key: string]: unknown }): void {
  const name = `${at.toISOString().slice(0, 10)}-${slugOf(content.machine.cpu)}.json`;
  const file = path.join("bench", "results", name);
  mkdirSync(path.join(PROJECT, "bench", "results"), { recursive: true });
  writeFileSync(path.join(PROJECT, file), `${JSON.stringify(content, undefined, 2)}\n`);
  console.log(`\n${file}`);
}

runCommand(main);
