import { parseArgs } from "node:util";
import { runCommand } from "../command-line/run-command";
import { callsReport, countCalls } from "./calls";
import { loadSummary, runLoad } from "./load";
import { runMatrix } from "./matrix";
import { brokenCells, matrixReport, matrixSummary } from "./report";

const HELP = `Proves on the laptop stack that every accepted order ends and is notified.

  npm run faults                   an order through every AWS call, for every kind of fault
  npm run faults -- --load         2,000 orders from 50 connections, 1 call in 20 going wrong
  npm run faults -- --load --seed <n>   the same with other calls going wrong (default 1)
  npm run faults -- --calls        the AWS calls, invocations and write units of one small order`;

const LOAD = { orders: 2000, connections: 50, rate: 0.05 };

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      load: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
      calls: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return true;
  }
  if (values.calls) {
    console.log(callsReport(await countCalls()));
    return true;
  }
  return values.load ? load(Number(values.seed)) : matrix();
}

async function matrix(): Promise<boolean> {
  const cells = await runMatrix((done, all) => {
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
  for (const complaint of result.complaints) console.log(`BROKEN: ${complaint}`);
  console.log(loadSummary(result));
  return result.complaints.length === 0 && result.accepted === LOAD.orders;
}

runCommand(main);
