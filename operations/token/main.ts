import { runCommand } from "../../command-line/run-command";
import { findStack } from "../target/find-stack";
import { HELP, parseArguments } from "./arguments";
import { makeToken } from "./token";

async function main(): Promise<boolean> {
  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed) {
    console.log(HELP);
    return true;
  }
  const stack = await findStack({ kind: "laptop", endpoint: parsed.endpoint });
  console.log(await makeToken(stack, parsed.request, new Date()));
  return true;
}

runCommand(main);
