import { runCommand } from "../../command-line/run-command";
import { explainAws } from "../target/aws-errors";
import { HELP, parseArguments } from "./arguments";
import { runDoctor } from "./doctor";
import { EXIT_CODES } from "./findings";
import { reportLines } from "./report";

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed) {
    console.log(HELP);
    return 0;
  }
  const { sections, ...verdict } = await runDoctor(parsed, new Date());
  const lines = parsed.json
    ? [JSON.stringify({ ...verdict, sections }, undefined, 2)]
    : reportLines(verdict, sections);
  console.log(lines.join("\n"));
  return EXIT_CODES[verdict.verdict];
}

runCommand(main, explainAws, EXIT_CODES["cannot tell"]);
