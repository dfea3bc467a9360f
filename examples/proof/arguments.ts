import { parseArgs } from "node:util";
import { wholeNumber } from "../../command-line/whole-number";

export const HELP = `Runs examples/fulfil-with-payment.ts on the laptop stack, against a shop of its own, while workers are
killed, answers are lost and customers cancel; then looks into the shop's ledger.

  npm run example [-- --orders <n>] [--seed <n>]

  --orders <n>  how many (default 100)
  --seed <n>    what goes wrong (default 1)
  --help        this text`;

export interface ExampleArguments {
  orders: number;
  seed: number;
  help: boolean;
}

/** Throws a sentence on what is wrong with the options. */
export function parseArguments(args: string[]): ExampleArguments {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    orders: wholeNumber("--orders", values.orders),
    seed: wholeNumber("--seed", values.seed),
    help: values.help,
  };
}
