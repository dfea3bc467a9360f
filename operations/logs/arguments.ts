import { parseArgs } from "node:util";
import { ORDER_ID } from "../../handlers/order";
import { parseAge } from "../ages";
import { STACK_HELP, STACK_OPTIONS, type StackNames, stackNamesOf } from "../target/options";

export const HELP = `Prints log entries of all functions, oldest first: time, function, level, message, fields.

  npm run logs -- <orderId>          those of one order, and its history
  npm run logs -- --match <text>     those in which this text stands, as it is written

  --since <age>        how far back: 45s, 90min, 2h, 3d (default 1h)
${STACK_HELP}
  --help               this text

Entries that differ in their time alone stand once, with their number.
It exits with 1 when there is no such order.`;

export type LogsCommand = { kind: "order"; orderId: string } | { kind: "match"; text: string };

export interface Arguments {
  command: LogsCommand;
  /** Milliseconds. */
  since: number;
  names: StackNames;
}

/** Undefined for --help. Throws a sentence about options that are unknown, or that do not go together. */
export function parseArguments(args: string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      match: { type: "string" },
      since: { type: "string", default: "1h" },
      help: { type: "boolean", default: false },
      ...STACK_OPTIONS,
    },
  });
  if (values.help) return undefined;
  const since = parseAge(values.since);
  if (since === undefined) {
    throw new Error(`--since takes an age such as 90min, 2h or 3d, not ${values.since}`);
  }
  return { command: commandOf(values.match, positionals), since, names: stackNamesOf(values) };
}

function commandOf(text: string | undefined, [orderId, ...others]: string[]): LogsCommand {
  if ((text === undefined) === (orderId === undefined) || others.length > 0) {
    throw new Error("it takes one order id, or --match <text>");
  }
  if (orderId === undefined) {
    if (text === "" || text === undefined) throw new Error("--match takes a text");
    return { kind: "match", text };
  }
  if (!ORDER_ID.test(orderId)) throw new Error(`${orderId} is not an order's id`);
  return { kind: "order", orderId };
}
