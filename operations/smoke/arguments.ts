import { parseArgs } from "node:util";
import { wholeNumber } from "../../command-line/whole-number";
import { STACK_HELP, STACK_OPTIONS, type StackNames, stackNamesOf } from "../target/options";
import { TOKEN_HELP } from "../target/orders-token";

export const HELP = `Posts one order of the customer smoke-test, and follows it until its customer is notified.

  npm run smoke                      prints each step with its time, and stops at the first difference

  --timeout <seconds>  how long the order may take (default 60)
${STACK_HELP}
  --help               this text

The order is a real one: the business step runs for it (handlers/fulfil-order.ts can treat it apart).
${TOKEN_HELP} It is one of the customer smoke-test, or of staff.
Its last line is passed or FAILED. It exits with 1 at the first difference, and says the way back.`;

export interface Arguments {
  timeoutSeconds: number;
  names: StackNames;
}

/** Undefined for --help. Throws a sentence about options that are unknown, or that do not go together. */
export function parseArguments(args: string[]): Arguments | undefined {
  const { values } = parseArgs({
    args,
    options: {
      timeout: { type: "string", default: "60" },
      help: { type: "boolean", default: false },
      ...STACK_OPTIONS,
    },
  });
  if (values.help) return undefined;
  const timeoutSeconds = wholeNumber("--timeout", values.timeout, 3600);
  return { timeoutSeconds, names: stackNamesOf(values) };
}
