import { parseArgs } from "node:util";
import { wholeNumber } from "../../command-line/whole-number";
import type { ShopOptions } from "./server";

export const HELP = `The shop of examples/fulfil-with-payment.ts, on 127.0.0.1.

  npm run example:shop [-- --port <port>] [--fault-rate <rate>] [--seed <n>] [--stock <units>]

  --port <port>        where it listens (default 0: any that is free)
  --fault-rate <rate>  lets requests go wrong, with this probability (0 to 1, default 0): failing
                       before or after their effect, dropped after it, or having it late
  --seed <n>           which requests those are (default 1)
  --stock <units>      what there is to be reserved (default 1000000)
  --help               this text

GET /ledger has all that it has done. Customers declined-… have no money, and to unreachable-… it
cannot ship.`;

/** Throws a sentence on what is wrong with the options. */
export function parseArguments(args: string[]): ShopOptions & { help: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      "fault-rate": { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      stock: { type: "string", default: "1000000" },
      help: { type: "boolean", default: false },
    },
  });
  const faultRate = Number(values["fault-rate"]);
  if (!(faultRate >= 0 && faultRate <= 1)) {
    throw new Error(`--fault-rate takes a probability from 0 to 1, not ${values["fault-rate"]}`);
  }
  return {
    port: wholeNumber("--port", values.port, 65_535),
    faultRate,
    seed: wholeNumber("--seed", values.seed),
    stock: wholeNumber("--stock", values.stock),
    help: values.help,
  };
}
