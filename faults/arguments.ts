import { parseArgs } from "node:util";
import { wholeNumber } from "../command-line/whole-number";

export const HELP = `Proves on the laptop stack that every accepted order ends and is notified.

  npm run faults                   an order through every AWS call, for every kind of fault
  npm run faults -- --load         2,000 orders from 50 connections, 1 call in 20 going wrong
  npm run faults -- --load --seed <n>   the same with other calls going wrong (default 1)`;

export type FaultsCommand = { kind: "matrix" | "help" } | { kind: "load"; seed: number };

/** Throws a sentence about options that are unknown, or that do not go together. */
export function parseArguments(args: string[]): FaultsCommand {
  const { values } = parseArgs({
    args,
    options: {
      load: { type: "boolean", default: false },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { help, load, seed } = values;
  if (help) return { kind: "help" };
  if (seed !== undefined && !load) throw new Error("--seed goes with --load");
  if (load) return { kind: "load", seed: wholeNumber("--seed", seed ?? "1") };
  return { kind: "matrix" };
}
