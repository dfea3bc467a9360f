import { runCommand } from "../command-line/run-command";
import { HELP, parseArguments } from "./arguments";
import { loadSummary, runLoad } from "./load";
import { runMatrix } from "./matrix";
import { brokenCells, matrixReport, matrixSummary } from "./report";

const LOAD = { orders: 2000, connections: 50, rate: 0.05 };

async function main(): Promise<boolean> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      console.log(HELP);
      return true;
    case "load":
      return load(command.seed);
    case "matrix":
      return matrix();
  }
}

async function matrix(): Promise<boolean> {
  const cells = await runMatrix("whole", (done, all) => {
    if (done % 20 === 0) console.error(`${done} of ${all} cells`);
  });
  console.log(matrixReport(cells));
  for (const line of brokenCells(cells)) console.log(line);
  console.log(matrixSummary(cells));
  return cells.every(({ ok }) => ok);
}

async function load(seed: number): Promise<boolean> {
  const result = await runLoad({ ...LOAD, seed }, (accepted) => {
    if (accepted % 200 === 0) console.error(`${accepted} of ${LOAD.orders} accepted`);
  });
  for (const violation of result.violations) console.log(`BROKEN: ${violation}`);
  console.log(loadSummary(result));
  return result.violations.length === 0 && result.accepted === LOAD.orders;
}

runCommand(main);
