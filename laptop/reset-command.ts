// npm run reset
import { parseArgs } from "node:util";
import { is } from "superstruct";
import { runCommand } from "../command-line/run-command";
import { wholeNumber } from "../command-line/whole-number";
import { CONSOLE, CONSOLE_HEADER } from "./console/protocol";
import { type ResetResult, resetResult } from "./reset";

const HELP = `Empties the tables and queues of the laptop stack that runs.

  npm run reset [-- --port <port>]

  --port <port>    where its API listens on 127.0.0.1 (default 3000, or $PORT)
  --help           this text`;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: process.env["PORT"] ?? "3000" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) console.log(HELP);
  else console.log(summaryOf(await reset(wholeNumber("--port", values.port, 65_535))));
  return true;
}

async function reset(port: number): Promise<ResetResult> {
  const origin = `http://127.0.0.1:${port}`;
  const response = await fetch(`${origin}${CONSOLE}/api/reset`, {
    method: "POST",
    headers: { "Content-Type": "application/json", [CONSOLE_HEADER]: "1" },
    body: "{}",
  }).catch((error: unknown) => {
    const hint = "start one, or name its port with --port";
    throw new Error(`no laptop stack is at ${origin}: ${hint}`, { cause: error });
  });
  const text = await response.text();
  const result: unknown = response.ok ? JSON.parse(text) : undefined;
  if (is(result, resetResult)) return result;
  throw new Error(`${origin} responded with ${response.status}: ${text.slice(0, 200)}`);
}

function summaryOf({ tables, queues }: ResetResult): string {
  const lines = [
    ...tables.map(({ name, items }) => `table ${name}: ${items} items deleted`),
    ...queues.map(({ name, messages }) => `queue ${name}: ${messages} messages deleted`),
  ];
  return lines.join("\n");
}

runCommand(main);
