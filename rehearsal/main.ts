import { parseArgs } from "node:util";
import { runCommand } from "../command-line/run-command";
import { INCIDENTS } from "./incidents";
import { type Rehearsal, rehearse } from "./rehearse";
import { rehearsalReport } from "./report";

const HELP = `Plays incidents on the laptop, each from its cause to its cure, with the commands of docs/runbook.md.

  npm run rehearse                    all of them, one after the other
  npm run rehearse -- <incident> …    these

Incidents:
${INCIDENTS.map(({ name, cause }) => `  ${name.padEnd(20)} ${cause}`).join("\n")}

For each: the alarm that fires, and after how long; what customers are answered; the cure; every order ended
and notified; all alarms OK. Times are short ones: seconds in the place of CloudWatch's minutes.
It exits with 1 when an incident does not go as the runbook has it.`;

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return true;
  }
  const unknown = positionals.find((name) => !INCIDENTS.some((each) => each.name === name));
  if (unknown !== undefined) throw new Error(`there is no incident ${unknown}: see --help`);
  const chosen = INCIDENTS.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const went: Rehearsal[] = [];
  for (const incident of chosen) {
    try {
      went.push(await rehearse(incident, (line) => console.log(line)));
    } catch (error) {
      console.log(`  FAILED: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(rehearsalReport(went));
  console.log(`${went.length} of ${chosen.length} incidents went as the runbook has it.`);
  return went.length === chosen.length;
}

runCommand(main);
