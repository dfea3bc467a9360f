import { runCommand } from "../../command-line/run-command";
import { stopSignal } from "../../command-line/stop-signal";
import { explainAws } from "../target/aws-errors";
import { HELP, parseArguments } from "./arguments";
import { awsDeps } from "./aws";
import { runRedrive } from "./redrive";
import { findTarget } from "./target";
import { terminalQuestion } from "./terminal";

async function main(): Promise<boolean> {
  const { help, command, target } = parseArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return true;
  }
  const found = await findTarget(target);
  const stopping = stopSignal("SIGINT", "SIGTERM");
  const deps = {
    ...awsDeps(found),
    ask: terminalQuestion(),
    isStopped: () => stopping.aborted,
    say: (line: string) => console.log(line),
    now: () => new Date(),
  };
  return runRedrive(deps, command);
}

runCommand(main, explainAws);
