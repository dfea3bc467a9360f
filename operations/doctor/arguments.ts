import { parseArgs } from "node:util";
import { STACK_HELP, STACK_OPTIONS, type StackNames, stackNamesOf } from "../target/options";

export const HELP = `Looks at a stack, and says whether it is well and what to do. It changes nothing.

  npm run doctor                     a verdict, what to do, and what was seen: alarms, orders, queues,
                                     functions, the schedule, and where config and deployment differ

  --clear-hints        deletes dead letters about orders that are in the table, which nobody needs; the
                       only thing that changes anything
  --json               one JSON document
${STACK_HELP}
  --help               this text

It exits with 0 when the stack is well, 1 when it is not, and 2 when it cannot tell.`;

export interface Arguments {
  json: boolean;
  clearHints: boolean;
  names: StackNames;
}

/** Undefined for --help. Throws a sentence about options that are unknown, or that do not go together. */
export function parseArguments(args: string[]): Arguments | undefined {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      "clear-hints": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      ...STACK_OPTIONS,
    },
  });
  if (values.help) return undefined;
  return {
    json: values.json,
    clearHints: values["clear-hints"],
    names: stackNamesOf(values),
  };
}
