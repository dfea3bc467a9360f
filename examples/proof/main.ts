import { runCommand } from "../../command-line/run-command";
import { HELP, parseArguments } from "./arguments";
import { exampleReport, exampleSummary } from "./report";
import { runExample } from "./run";

const CONNECTIONS = 8;

async function main(): Promise<boolean> {
  const { orders, seed, help } = parseArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return true;
  }
  const result = await runExample({ orders, connections: CONNECTIONS, seed }, (accepted) => {
    if (accepted % 50 === 0) console.error(`${accepted} of ${orders} accepted`);
  });
  for (const violation of result.violations) console.log(`BROKEN: ${violation}`);
  console.log(exampleReport(result));
  console.log(exampleSummary(result));
  return result.violations.length === 0;
}

runCommand(main);
